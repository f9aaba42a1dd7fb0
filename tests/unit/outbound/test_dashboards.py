"""The dashboard and the alert rules of config/deploy speak of metrics that exist."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from idp.outbound.metrics import Metrics
from idp.outbound.ports import OutboxDepth
from idp.outbound.vital_signs import VitalSigns, VitalSignsCollector
from tests.support.processes import REPOSITORY

FILES = ("alerts.yml", "grafana.json")
_SUFFIXES = ("", "_total", "_count", "_sum", "_bucket")


def list_names() -> Iterator[str]:
    """Return the names under which the provider's metrics can be asked for."""
    registry = CollectorRegistry()
    Metrics(registry)
    depth = OutboxDepth(waiting=0, oldest_age=timedelta(), dead=0)
    signs = VitalSigns(sessions=0, blocks=0, outbox=depth, purge_backlog=0, keys_signing_for={})
    registry.register(VitalSignsCollector(lambda: signs))
    for family in registry.collect():
        yield from (family.name + suffix for suffix in _SUFFIXES)


@pytest.mark.parametrize("file", FILES)
def test_named_metrics_exist(file: str) -> None:
    """A renamed metric must not leave an alert that never fires."""
    text = (REPOSITORY / "config" / "deploy" / file).read_text("utf-8")
    named = set(re.findall(r"\bidp_[a-z_]+", text))
    assert named
    assert named <= set(list_names())
