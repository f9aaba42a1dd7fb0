"""Redis away or hanging: what tries secrets answers 503, the rest goes on, and it comes back."""

import os
import signal
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from idp.store.audit import AuditQuery
from tests.operations.installation import Installation
from tests.support.databases import Databases
from tests.support.network import wait_until
from tests.support.provider import EMAIL, FINESS, PASSWORD, WAITING_SITE, Provider
from tests.support.provider_app import ProviderApp, build_settings, make_keys_folder
from tests.support.redis_server import RedisServer
from tests.support.visitor import Visitor

Logs = list[MutableMapping[str, Any]]

FORMS = {
    "/connexion": ("login-submit", {"finess": FINESS, "password": PASSWORD}),
    "/inscription": ("proof-submit", {"finess": FINESS, "iban_suffix": "02606"}),
    "/mise-a-jour": ("proof-submit", {"finess": FINESS, "iban_suffix": "02606"}),
    "/mot-de-passe-oublie": ("reset-request-submit", {"finess": FINESS, "email": EMAIL}),
}


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys that sign what sites get, made once."""
    return make_keys_folder(tmp_path_factory.mktemp("keys") / "keys", ("RS256", "ES256"))


@pytest.fixture
def logs() -> Iterator[Logs]:
    """What is logged meanwhile."""
    with capture_logs() as logs:
        yield logs


@pytest.fixture
def provider(
    keys_folder: Path, sqlite_databases: Databases, redis_server: RedisServer, logs: Logs
) -> Iterator[Provider]:
    """A provider with its default limits, counted in Redis, and somebody with an account."""
    url = sqlite_databases.url(sqlite_databases.create_migrated())
    settings = build_settings(keys_folder, url, redis={"url": redis_server.url}, limits={})
    running = ProviderApp.start(settings, WAITING_SITE)
    assert logs == []
    provider = Provider(running)
    provider.add_account()
    yield provider
    running.close()


@pytest.fixture
def visitor(provider: Provider) -> Visitor:
    """A browser without cookies."""
    return provider.open_browser()


@pytest.mark.parametrize("path", FORMS)
def test_what_tries_a_secret_is_refused(
    provider: Provider, visitor: Visitor, redis_server: RedisServer, path: str
) -> None:
    """A page says to come back in a few seconds, and nothing was tried; then it works again."""
    button, typed = FORMS[path]
    redis_server.stop()
    page = visitor.open(path)
    assert page.status == 200
    refused = visitor.submit(page, button, **typed)
    assert refused.status == 503
    assert refused.response.headers["Retry-After"] == "5"
    with provider.running.built.open_unit() as unit:
        assert list(unit.audit.find(AuditQuery())) == []
    redis_server.start()
    wait_until(lambda: visitor.submit(page, button, **typed).status == 200)


def test_everything_else_goes_on(
    provider: Provider, visitor: Visitor, redis_server: RedisServer
) -> None:
    """Whoever is signed in gets to their site and their account, and the site gets its tokens."""
    provider.sign_in(visitor)
    redis_server.stop()
    tokens = provider.redeem(provider.start_at_site(visitor))
    site = provider.open_browser("203.0.113.5")
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert site.request("GET", "/userinfo", headers=bearer).status_code == 200
    for path in ("/compte", "/connexion", "/jwks.json", "/readyz", "/securite"):
        assert visitor.open(path).status == 200


def test_restart_of_redis_costs_no_login(
    provider: Provider, visitor: Visitor, redis_server: RedisServer
) -> None:
    """Connections of before are replaced at once: nobody is refused because they are dead."""
    provider.sign_in(visitor)
    redis_server.stop()
    redis_server.start()
    assert provider.sign_in(provider.open_browser()).title.startswith("Vous êtes")


def test_redis_that_hangs_holds_up_nobody(
    provider: Provider, visitor: Visitor, redis_server: RedisServer, logs: Logs
) -> None:
    """It is asked about once a second, for a bounded time; all others are answered at once."""
    provider.sign_in(visitor)
    os.kill(redis_server.pid, signal.SIGSTOP)
    try:
        assert provider.sign_in(provider.open_browser()).status == 503
        for _ in range(20):
            provider.redeem(provider.start_at_site(visitor))
    finally:
        os.kill(redis_server.pid, signal.SIGCONT)
    asked = [line for line in logs if line["event"] == "limits.away"]
    assert 1 <= len(asked) <= 10


def test_counts_that_are_not_shared_are_told(installation: Installation) -> None:
    """Several processes without Redis: the log warns at the start that each counts alone."""
    installation.write_settings(server={"workers": 2})
    process = installation.start()
    assert '"set redis.url"' in process.wait_for_output("limits.not_shared")
