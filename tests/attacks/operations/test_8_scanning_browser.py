"""Attack case C85 once more: a scanner that runs the scripts of what it opens."""

from datetime import timedelta
from pathlib import Path

from idp.accounts.links import LinkState, Registration, RegistrationPurpose, Reset
from idp.secret_values import digest
from tests.conftest import OpenPage, StartProcess
from tests.support.databases import Databases
from tests.support.provider import EMAIL, FINESS, Provider
from tests.support.served_provider import ServedProvider

ACTIVATION, RESET = "a" * 43, "r" * 43


def add_links(provider: Provider) -> None:
    """Put a registration and a reset into the database, whose links have these tokens."""
    now, account = provider.clock.now(), provider.add_account()
    expires_at = now + timedelta(hours=24)
    registration = Registration(
        id="registration",
        link_digest=digest(ACTIVATION),
        finess=FINESS,
        created_at=now,
        expires_at=expires_at,
        purpose=RegistrationPurpose.REGISTRATION,
        email=EMAIL,
        password_hash=account.password_hash or "",
    )
    reset = Reset(
        id="reset",
        link_digest=digest(RESET),
        finess=FINESS,
        created_at=now,
        expires_at=expires_at,
        sub=account.sub,
        code_digest="of no code",
    )
    with provider.running.built.open_unit() as unit:
        unit.registrations.add(registration)
        unit.resets.add(reset)
        unit.commit()


def test_c85_scripts_press_nothing(
    keys_folder: Path,
    sqlite_databases: Databases,
    start_process: StartProcess,
    open_page: OpenPage,
) -> None:
    """C85: Chromium opens both links and waits until nothing moves any more: both still work."""
    url = sqlite_databases.url(sqlite_databases.create_migrated())
    served = ServedProvider(keys_folder, url, start_process)
    provider = served.prepare()
    add_links(provider)
    served.serve()
    page = open_page()
    for path, token, button in (
        ("/activation", ACTIVATION, "activate-submit"),
        ("/reinitialisation", RESET, "code-submit"),
    ):
        page.goto(f"http://{served.host}{path}?token={token}", wait_until="networkidle")
        assert page.locator(f"#{button}").is_visible()
    now = provider.clock.now()
    with provider.running.built.open_unit() as unit:
        registration = unit.registrations.find_by_link(digest(ACTIVATION))
        reset = unit.resets.find_by_link(digest(RESET))
    assert registration
    assert reset
    assert (registration.state(now), reset.state(now)) == (LinkState.USABLE, LinkState.USABLE)
    assert reset.code_attempts == 0
