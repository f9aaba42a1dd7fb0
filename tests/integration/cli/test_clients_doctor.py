"""`idp clients doctor` after real refusals: each told in plain words, with its remedy."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from idp.audit_events import Event
from idp.cli import main
from idp.store.audit import AuditQuery
from tests.support.protocol_house import SITE
from tests.support.provider_app import (
    Browser,
    ProviderApp,
    build_settings,
    make_keys_folder,
)


@pytest.fixture(scope="module")
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys, made once."""
    return make_keys_folder(tmp_path_factory.mktemp("keys") / "keys", ("RS256", "ES256"))


@pytest.fixture
def provider(keys_folder: Path, database_url: str) -> Iterator[ProviderApp]:
    """The provider with one site."""
    provider = ProviderApp.start(build_settings(keys_folder, database_url), SITE)
    yield provider
    provider.close()


@pytest.fixture
def ask_doctor(database_url: str, tmp_path: Path) -> Callable[[], str]:
    """A function that returns what the doctor says of the site."""
    config = tmp_path / "settings.toml"
    config.write_text(
        f"""
        issuer = "https://connexion.example"
        [database]
        url = {json.dumps(database_url)}
        [secrets]
        master = ["{"m" * 32}"]
        iban = ["{"i" * 32}"]
        [keys]
        passphrase = "{"p" * 32}"
        """
    )

    def ask() -> str:
        words = ["--config", str(config), "clients", "doctor", "site", "-n", "20"]
        return CliRunner().invoke(main, words, catch_exceptions=False).output

    return ask


@pytest.fixture
def browser(provider: ProviderApp) -> Browser:
    """A browser with a session."""
    browser = provider.open_browser()
    provider.sign_in(browser)
    return browser


def test_redirect_uri_is_compared(browser: Browser, ask_doctor: Callable[[], str]) -> None:
    """The nearest registered address stands below the one received, the differences marked."""
    browser.authorize(redirect_uri="https://site.example/calback")
    said = ask_doctor()
    assert "received:   https://site.example/cal·back" in said
    assert "registered: https://site.example/callback" in said
    assert "^" in said


def test_missing_pkce(browser: Browser, ask_doctor: Callable[[], str]) -> None:
    """Which parameter was missing, and what to switch on."""
    browser.authorize(code_challenge="", code_challenge_method="")
    assert "no code_challenge (PKCE)" in ask_doctor()


def test_flood_leaves_few_rows(provider: ProviderApp, browser: Browser) -> None:
    """Whoever sends broken requests in a site's name does not fill the audit trail with them."""
    for _ in range(30):
        browser.authorize(code_challenge="", code_challenge_method="")
    with provider.built.open_unit() as unit:
        kept = unit.audit.find(AuditQuery(name=Event.AUTHORIZATION_REFUSED), limit=100)
    assert len(kept) == 5


def test_wrong_auth_method(browser: Browser, ask_doctor: Callable[[], str]) -> None:
    """Which method was used, and which is registered."""
    browser.redeem("x", client_secret="")
    assert "used none, and is registered for client_secret_post" in ask_doctor()


def test_wrong_secret(browser: Browser, ask_doctor: Callable[[], str]) -> None:
    """The remedy is the command that makes a new one; the secret is not shown."""
    browser.redeem("x", client_secret="wrong-secret-of-the-site")
    said = ask_doctor()
    assert "idp clients rotate-secret site" in said
    assert "wrong-secret-of-the-site" not in said


def test_expired_and_replayed_codes(
    provider: ProviderApp, browser: Browser, ask_doctor: Callable[[], str]
) -> None:
    """Too late, and twice."""
    late, twice = browser.get_code(), browser.get_code()
    browser.redeem(twice)
    browser.redeem(twice)
    provider.clock.advance(provider.built.services.settings.tokens.code_lifetime)
    browser.redeem(late)
    said = ask_doctor()
    assert "The authorization code had expired." in said
    assert "came a second time" in said


def test_wrong_verifier(browser: Browser, ask_doctor: Callable[[], str]) -> None:
    """The verifier of another sign-in."""
    browser.redeem(browser.get_code(), code_verifier="w" * 43)
    assert "that of another sign-in" in ask_doctor()


def test_success_is_no_news(browser: Browser, ask_doctor: Callable[[], str]) -> None:
    """Nothing refused, nothing to say; nor of a silent renewal that found nobody."""
    browser.get_tokens()
    browser.delete_cookie("__Host-session", domain="connexion.example")
    browser.authorize(prompt="none")
    assert ask_doctor() == "No request of site was refused.\n"
