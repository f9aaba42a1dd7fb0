"""What /healthz, /readyz and /metrics say of a running `idp serve`, parts of it away or not."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import upgrade_schema
from tests.operations.installation import Installation
from tests.operations.processes import is_gone, list_children
from tests.support.network import LOOPBACK, wait_until
from tests.support.postgresql import PostgresqlServer

pytestmark = pytest.mark.timeout(180)


def scrape(installation: Installation) -> dict[str, float]:
    """Return every metric, of several labels their sum."""
    sums: dict[str, float] = {}
    with urlopen(f"http://{LOOPBACK}:{installation.metrics_port}/metrics", timeout=30) as answer:
        text = answer.read().decode()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            sums[sample.name] = sums.get(sample.name, 0) + sample.value
    return sums


def wait_for_metrics(installation: Installation) -> dict[str, float]:
    """Return the metrics once somebody serves them."""

    def try_to_scrape() -> dict[str, float] | None:
        with suppress(OSError):
            return scrape(installation)
        return None

    return wait_until(try_to_scrape, 30)


@pytest.fixture
def own_server() -> Iterator[PostgresqlServer]:
    """A PostgreSQL server that the test may stop."""
    server = PostgresqlServer()
    yield server
    server.close()


def test_database_away(installation: Installation, own_server: PostgresqlServer) -> None:
    """Alive, not ready, and /metrics goes on; when it is back, ready by itself."""
    url = own_server.url(own_server.create_database())
    upgrade_schema(url)
    installation.write_settings(database={"url": url})
    node = installation.serve()
    assert wait_for_metrics(installation)["idp_database_up"] == 1
    own_server.stop()
    assert node.ask("GET", "/healthz").status == 200
    answer = node.ask("GET", "/readyz")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    told = json.loads(answer.body)
    assert (told["checks"]["database"], told["checks"]["keys"]) == ("failed", "ok")
    assert node.ask("GET", "/jwks.json").status == 200
    assert node.ask("GET", "/connexion").status == 200
    assert scrape(installation)["idp_database_up"] == 0
    own_server.start()
    wait_until(node.is_ready)
    assert scrape(installation)["idp_database_up"] == 1


def test_metrics_add_up_all_processes(installation: Installation) -> None:
    """What each process counted is summed; nothing is forgotten when all of them are killed."""
    installation.write_settings(server={"workers": 2})
    node = installation.serve()
    wait_for_metrics(installation)
    for _ in range(20):
        assert node.ask("GET", "/aide").status == 200
    name = "idp_http_request_duration_seconds_count"
    counted = scrape(installation)[name]
    assert counted >= 20
    old = list_children(node.process)
    for pid in old:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: all(map(is_gone, old)))
    wait_until(node.is_ready, 30)
    assert wait_for_metrics(installation)[name] >= counted


def test_metrics_are_served_without_the_worker(installation: Installation) -> None:
    """Where `idp worker` runs apart, `idp serve` still tells its own counts, and the worker its."""
    installation.write_settings(server={"runs_worker": False})
    node = installation.serve()
    assert wait_for_metrics(installation)["idp_database_up"] == 1
    node.process.stop()
    worker = installation.start(None, "worker")
    assert wait_for_metrics(installation)["idp_database_up"] == 1
    worker.send(signal.SIGTERM)
    assert worker.wait() == 0
