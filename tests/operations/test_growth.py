"""Months of sign-ins under a clock that the test moves: no table grows, a purge holds up nobody.

The real application over a real database of each kind. Each month brings the same events, so after
each month's end the tables must hold the same number of rows as after the first.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from idp.store.tables import metadata
from tests.operations.installation import UNLIMITED
from tests.support.provider import EMAIL, FINESS, OTHER_FINESS, WAITING_SITE, Provider, fill_account
from tests.support.provider_app import ProviderApp, build_settings, make_keys_folder
from tests.support.signing import DAY, HOUR

pytestmark = pytest.mark.timeout(240)

STAYING = {"practitioners", "accounts", "clients", "meta", "key_uses"}
"""Tables of what there is, not of what happened."""

MONTHS = 4
SIGN_INS = 250
FORMS = 10


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys that sign what sites get, made once."""
    return make_keys_folder(tmp_path_factory.mktemp("keys") / "keys", ("RS256", "ES256"))


@pytest.fixture
def provider(keys_folder: Path, database_url: str) -> Iterator[Provider]:
    """A provider that forgets devices and audit events within a month."""
    settings = build_settings(
        keys_folder,
        database_url,
        limits=UNLIMITED,
        audit={"retention": "20 d"},
        lockout={"known_device_lifetime": "20 d", "stranger_window": "20 d"},
    )
    running = ProviderApp.start(settings, WAITING_SITE)
    provider = Provider(running)
    provider.add_account()
    provider.add_practitioner(OTHER_FINESS)
    yield provider
    running.close()


def live_a_month(provider: Provider) -> None:
    """Sign in, with and without the page; fail to; ask for links; and let 32 days pass."""
    for number in range(SIGN_INS):
        browser = provider.running.open_browser()
        provider.running.sign_in(browser)
        browser.get_tokens(state=f"state-{number}")
    for number in range(FORMS):
        provider.sign_in(provider.open_browser())
        provider.sign_in(provider.open_browser(), f"33000{number:04}", password="Wrong 123!")
        provider.clock.advance(HOUR)
        visitor = provider.open_browser()
        page = visitor.open("/mot-de-passe-oublie")
        visitor.submit(page, "reset-request-submit", finess=FINESS, email=EMAIL)
        visitor = provider.open_browser()
        fill_account(
            visitor, provider.prove(visitor, OTHER_FINESS), email=f"{number}@orange.example"
        )
    provider.mailbox.read(EMAIL)
    provider.clock.advance(32 * DAY)


def count_rows(provider: Provider) -> dict[str, int]:
    """Return how many rows each table has."""
    with provider.running.built.database.engines.reader.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def test_tables_stay_as_they_are(provider: Provider) -> None:
    """What a month brought has gone a month later, from every table."""
    database = provider.running.built.database
    sizes = []
    for _ in range(MONTHS):
        live_a_month(provider)
        assert count_rows(provider)["grants"] >= SIGN_INS
        database.purge_expired(provider.clock.now())
        sizes.append(count_rows(provider))
    assert sizes == [sizes[0]] * MONTHS
    assert {name for name, rows in sizes[0].items() if rows} == STAYING
    assert database.count(provider.clock.now()).purge_backlog == 0


def test_sign_ins_go_on_during_a_purge(provider: Provider) -> None:
    """Sites get their tokens between two batches, and nobody is told that the database is busy."""
    live_a_month(provider)
    browser = provider.running.open_browser()
    provider.running.sign_in(browser)
    with ThreadPoolExecutor() as threads:
        purge = threads.submit(
            provider.running.built.database.purge_expired, provider.clock.now(), batch=5
        )
        answered = 0
        while not purge.done():
            browser.get_tokens()
            answered += 1
    assert purge.result()["grants"] == SIGN_INS
    assert answered > 3
