"""Attack cases C80 and C83: going around the limits of a network."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.attacks.conftest import StartProvider
from tests.attacks.people import WRONG, list_events
from tests.conftest import StartProcess
from tests.support.databases import Databases
from tests.support.provider import FINESS
from tests.support.redis_server import RedisServer
from tests.support.served_provider import ServedProvider

TRUE_PEER = "198.51.100.7"
PROXIES = ["192.0.2.1", "192.0.2.2"]
SPOOFED = "203.0.113.66"
SPOOFS = (
    SPOOFED,
    f"{SPOOFED}, 203.0.113.67",
    "2001:db8:bad::1",
    "[2001:db8:bad::1]:443",
    "127.0.0.1",
    "unknown",
    "'; DROP TABLE budgets; --",
    ", ,",
    "9" * 10_000,
)
OTHER_HEADERS = {
    "X-Real-IP": SPOOFED,
    "Forwarded": f"for={SPOOFED}",
    "CF-Connecting-IP": SPOOFED,
    "True-Client-IP": SPOOFED,
    "X-Client-IP": SPOOFED,
    "X-Forwarded-Host": "evil.example",
}


@pytest.mark.parametrize("hops", [0, 1, 2])
def test_c80_forwarding_headers(start_provider: StartProvider, hops: int) -> None:
    """C80: behind exactly so many proxies the true peer is counted, whatever it claims to be.

    Each proxy appends whom it saw to what it was given; what was there before is the attacker's.
    """
    provider = start_provider(
        server={"trusted_proxies": hops}, lockout={"network_logins_per_hour": len(SPOOFS)}
    )
    chain = [TRUE_PEER, *PROXIES[:hops]]
    robot = provider.open_browser(chain[-1])
    form = robot.open("/connexion").find_form("login-submit").fields
    typed = {**form, "finess": FINESS, "password": WRONG}
    for number, spoof in enumerate(SPOOFS):
        headers = {**OTHER_HEADERS, "X-Forwarded-For": ", ".join([spoof, *chain[:-1]])}
        answer = robot.request(
            "POST", "/connexion", {**typed, "finess": f"97{number:07d}"}, headers
        )
        assert answer.status_code == 422
    assert {event.network for event in list_events(provider, "login.failed")} == {TRUE_PEER}
    answer = robot.request("POST", "/connexion", typed, {"X-Forwarded-For": ", ".join(chain[:-1])})
    assert answer.status_code == 429


def test_c83_limits_are_shared_and_survive(
    keys_folder: Path,
    sqlite_databases: Databases,
    start_process: StartProcess,
    redis_server: RedisServer,
) -> None:
    """C83: four processes count together, and a restart forgets nothing."""
    url = sqlite_databases.url(sqlite_databases.create_migrated())
    tables = {"limits": {"login": "20 per hour"}, "redis": {"url": redis_server.url}}
    served = ServedProvider(keys_folder, url, start_process, tables)
    node = served.serve(workers=4)

    def knock(_: int) -> int:
        return node.ask("POST", "/connexion", {}).status

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(knock, range(60)))
    assert (statuses.count(403), statuses.count(429)) == (20, 40)
    node.process.stop()
    served.serve()
    refused = node.ask("POST", "/connexion", {})
    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) > 0
