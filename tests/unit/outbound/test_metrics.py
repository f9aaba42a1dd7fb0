"""What Prometheus reads: counts of all processes, and what the database knows."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from prometheus_client import CollectorRegistry

from idp.outbound.metrics import Metrics
from idp.outbound.metrics_server import MetricsServer
from idp.outbound.ports import OutboxDepth
from idp.outbound.vital_signs import VitalSigns
from tests.support.network import LOOPBACK, free_port
from tests.support.processes import REPOSITORY

SIGNS = VitalSigns(
    sessions=12,
    blocks=3,
    outbox=OutboxDepth(waiting=4, oldest_age=timedelta(minutes=2), dead=1),
    purge_backlog=7,
    keys_signing_for={"RS256": timedelta(days=45)},
)
COUNT_LOGINS = """
from prometheus_client import CollectorRegistry
from idp.outbound.metrics import Metrics
metrics = Metrics(CollectorRegistry())
metrics.count_event({"name": "login.succeeded", "client_id": "site", "reason": None})
metrics.tell_hash_queue(5)
"""


@pytest.fixture
def registry() -> CollectorRegistry:
    """A registry of this test alone."""
    return CollectorRegistry()


@pytest.fixture
def metrics(registry: CollectorRegistry) -> Metrics:
    """Instruments that count in this process."""
    return Metrics(registry)


def test_request_is_counted_by_route(metrics: Metrics, registry: CollectorRegistry) -> None:
    """Each answer counts once, under its rule, method and status."""
    metrics.observe_request("/token", "POST", status=200, seconds=0.01)
    labels = {"route": "/token", "method": "POST", "status": "200"}
    assert registry.get_sample_value("idp_http_request_duration_seconds_count", labels) == 1


def test_login_is_counted_by_client_and_reason(
    metrics: Metrics, registry: CollectorRegistry
) -> None:
    """A sign-in counts under its outcome; so does every other event under its name."""
    event = {"name": "login.failed", "client_id": "site", "reason": "wrong_password"}
    metrics.count_event(event)
    labels = {"outcome": "failed", "client": "site", "reason": "wrong_password"}
    assert registry.get_sample_value("idp_logins_total", labels) == 1
    assert registry.get_sample_value("idp_events_total", {"event": "login.failed"}) == 1


def test_hash_queue_is_as_long_as_last_told(metrics: Metrics, registry: CollectorRegistry) -> None:
    """The last length replaces the one before; they are not added up."""
    metrics.tell_hash_queue(3)
    metrics.tell_hash_queue(2)
    assert registry.get_sample_value("idp_password_hash_queue") == 2


@pytest.fixture
def scrape(tmp_path: Path) -> str:
    """What /metrics says after two processes each counted one sign-in and ended."""
    for _ in range(2):
        subprocess.run(
            [sys.executable, "-c", COUNT_LOGINS],
            cwd=REPOSITORY,
            env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
            check=True,
        )
    return read_metrics(tmp_path, lambda: SIGNS)


def read_metrics(folder: Path, read_vital_signs: object) -> str:
    """Serve, fetch once, and stop."""
    server = MetricsServer(folder, read_vital_signs)  # type: ignore[arg-type]
    port = free_port()
    server.start(LOOPBACK, port)
    try:
        with urlopen(f"http://{LOOPBACK}:{port}/metrics") as answer:
            text: str = answer.read().decode()
            return text
    finally:
        server.stop()


def test_counts_of_all_processes_are_added_up(scrape: str) -> None:
    """Counts of ended processes stay in the total; what they said of their present does not."""
    assert 'idp_logins_total{client="site",outcome="succeeded",reason=""} 2.0' in scrape
    assert "idp_password_hash_queue 10" not in scrape


@pytest.mark.parametrize(
    "line",
    [
        "idp_database_up 1.0",
        "idp_sessions 12.0",
        "idp_blocks 3.0",
        "idp_outbox_waiting 4.0",
        "idp_outbox_oldest_seconds 120.0",
        "idp_outbox_dead 1.0",
        "idp_purge_backlog 7.0",
        'idp_key_days_left{algorithm="RS256"} 45.0',
    ],
)
def test_vital_signs_are_told(line: str, tmp_path: Path) -> None:
    """What the database and the keys know is read at each scrape."""
    assert line in read_metrics(tmp_path, lambda: SIGNS).splitlines()


def test_database_away_is_told(tmp_path: Path) -> None:
    """A scrape with the database away says so, and still tells the rest."""

    def read() -> VitalSigns:
        raise OSError("away")

    assert "idp_database_up 0.0" in read_metrics(tmp_path, read).splitlines()
