"""Audit events as log lines: the trail has the whole FINESS number, the log its masked form."""

from collections.abc import Mapping

import structlog

_TOLD = ("finess", "sub", "client_id", "network", "request_id", "operator", "reason")


def log_event(event: Mapping[str, object]) -> None:
    """Write one audit event to the log, named after what happened; empty parts are left out."""
    told = {name: event[name] for name in _TOLD if event.get(name)}
    structlog.get_logger("idp.audit").info(str(event["name"]), **told)
