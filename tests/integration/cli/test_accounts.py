"""`idp accounts`: how an account stands, and what an administrator does to it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from idp.accounts.account import Account, AccountState
from idp.accounts.lockout import strangers_key
from idp.accounts.session import Session
from idp.secret_values import random_id, random_token
from idp.settings import name_operator
from tests.support.admin_program import EMAIL, FINESS, NAME, AdminProgram, write_settings

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def account(admin: AdminProgram) -> Account:
    """An active account with a session, of a practitioner of the directory."""
    admin.add_practitioner()
    account = admin.add_account(password_hash="$argon2id$a-secret-hash", password_changed_at=MOMENT)
    open_session(admin, account)
    return account


def open_session(admin: AdminProgram, account: Account) -> None:
    """Sign the account in with a browser."""
    session = Session(
        sid=random_id(),
        secret_digest=random_token(),
        sub=account.sub,
        authenticated_at=admin.now,
        last_seen_at=admin.now,
        idle_expires_at=admin.now + timedelta(minutes=30),
        expires_at=admin.now + timedelta(hours=12),
        browser="Firefox, Windows",
        network="192.0.2.0/24",
    )
    with admin.toolbox.unit_of_work() as unit:
        unit.sessions.add(session)


def fail_logins(admin: AdminProgram, finess: str = FINESS, count: int = 3) -> None:
    """Reserve as many attempts as if strangers had failed."""
    with admin.toolbox.visit() as visit:
        for _ in range(count):
            rule = visit.policy.stranger_rule
            visit.uow.attempts.reserve(strangers_key(visit, finess), rule, visit.now)


def show(admin: AdminProgram) -> dict[str, object]:
    """Return the facts that `show --json` prints."""
    facts: dict[str, object] = json.loads(admin.do("accounts", "show", FINESS, "--json"))
    return facts


@pytest.mark.usefixtures("account")
def test_show_says_how_it_stands(admin: AdminProgram) -> None:
    """State, sessions and dates with their offset; nothing secret."""
    printed = admin.do("accounts", "show", "75 00000 10")
    offset = MOMENT.astimezone().isoformat()[-6:]
    assert NAME in printed
    assert "state                  active" in printed
    assert f"{MOMENT.astimezone():%Y-%m-%d %H:%M:%S} {offset}" in printed
    assert "browser Firefox, Windows, network 192.0.2.0/24" in printed
    assert "a-secret-hash" not in printed


@pytest.mark.usefixtures("account")
def test_show_for_scripts(admin: AdminProgram) -> None:
    """JSON with the same facts, a moment as ISO 8601."""
    facts = show(admin)
    assert (facts["state"], facts["email"], facts["has_password"]) == ("active", EMAIL, True)
    assert datetime.fromisoformat(str(facts["password_changed_at"])) == MOMENT
    assert facts["blocked_until"] is None
    assert "a-secret-hash" not in json.dumps(facts)


@pytest.mark.usefixtures("account")
def test_unlock_lifts_the_block(admin: AdminProgram) -> None:
    """And leaves who did it in the trail."""
    fail_logins(admin)
    assert show(admin)["blocked_until"]
    admin.do("accounts", "unlock", FINESS)
    assert show(admin)["blocked_until"] is None
    (event,) = admin.trail("account.unlocked")
    assert (event.finess, event.operator) == (FINESS, name_operator())


@pytest.mark.usefixtures("account")
def test_unlock_everybody_since(admin: AdminProgram) -> None:
    """A mass lock is lifted at once (C78); blocks that began before stay."""
    fail_logins(admin)
    fail_logins(admin, "690000015")
    later = f"{admin.now + timedelta(hours=1):%Y-%m-%dT%H:%M:%S%z}"
    assert "0 blocks" in admin.do("accounts", "unlock", "--all-since", later)
    assert show(admin)["blocked_until"]
    earlier = f"{admin.now - timedelta(hours=1):%Y-%m-%dT%H:%M:%S%z}"
    assert "2 blocks" in admin.do("accounts", "unlock", "--all-since", earlier)
    assert show(admin)["blocked_until"] is None


@pytest.mark.parametrize("words", [[], [FINESS, "--all-since", "2026-01-01"]])
def test_unlock_is_for_one_or_for_all(admin: AdminProgram, words: list[str]) -> None:
    """Exit code 2 for neither and for both."""
    admin.refuse("accounts", "unlock", *words, code=2)


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    "words",
    [
        ["disable", FINESS, "--reason", "appel"],
        ["reclaim", FINESS],
        ["sign-out", FINESS],
        ["set-email", FINESS, "autre@exemple.fr"],
    ],
    ids=lambda words: words[0],
)
def test_what_cannot_be_undone_asks(admin: AdminProgram, words: list[str]) -> None:
    """Whoever does not agree changes nothing (C109); the question names whom it is about."""
    before = admin.find_account()
    for answer in ("n\n", ""):
        assert NAME in admin.refuse("accounts", *words, answer=answer)
    assert admin.find_account() == before
    assert admin.trail() == []
    admin.do("accounts", *words, answer="y\n")
    assert len(admin.trail()) == 1


@pytest.mark.usefixtures("account")
def test_disable_and_enable(admin: AdminProgram) -> None:
    """A disabled account has no session; an enabled one is as it was."""
    admin.do("accounts", "disable", FINESS, "--reason", "appel du titulaire", "--yes")
    facts = show(admin)
    assert (facts["state"], facts["disabled_because"]) == ("disabled", "appel du titulaire")
    assert facts["sessions"] == []
    admin.do("accounts", "enable", FINESS)
    assert show(admin)["state"] == "active"
    (event,) = admin.trail("account.disabled")
    assert event.reason == "appel du titulaire"


def test_reclaim_frees_the_number_and_tells_both_addresses(admin: AdminProgram) -> None:
    """The next registration gets another `sub`; whoever squatted is told as well."""
    admin.add_practitioner(email="fiche@exemple.fr")
    admin.add_account(email="squatter@exemple.fr")
    admin.do("accounts", "reclaim", FINESS, "--yes")
    assert admin.find_account() is None
    with admin.toolbox.unit_of_work() as unit:
        queued = {(item.template, item.recipient) for item in unit.outbox.find_page()}
    assert queued == {
        ("account_reclaimed", "fiche@exemple.fr"),
        ("account_reclaimed", "squatter@exemple.fr"),
    }


@pytest.mark.usefixtures("account")
def test_set_email_tells_the_old_address(admin: AdminProgram) -> None:
    """The new one counts as verified once a link to it was used."""
    admin.do("accounts", "set-email", FINESS, "Autre@EXEMPLE.fr", "--yes")
    changed = admin.find_account()
    assert changed
    assert (changed.email, changed.email_verified_at) == ("Autre@exemple.fr", None)
    with admin.toolbox.unit_of_work() as unit:
        assert [item.recipient for item in unit.outbox.find_page()] == [EMAIL]


@pytest.mark.usefixtures("account")
def test_set_email_takes_an_address_alone(admin: AdminProgram) -> None:
    """Exit code 2 for anything else."""
    admin.refuse("accounts", "set-email", FINESS, "pas une adresse", "--yes", code=2)


@pytest.mark.usefixtures("account")
def test_account_without_address_gets_one(admin: AdminProgram) -> None:
    """It is then active: « Mot de passe oublié » works for it."""
    admin.add_practitioner("690000015")
    admin.add_account("690000015", email=None, state=AccountState.WITHOUT_EMAIL)
    admin.do("accounts", "set-email", "690000015", "neuf@exemple.fr", "--yes")
    changed = admin.find_account("690000015")
    assert changed
    assert changed.state is AccountState.ACTIVE


def test_sign_out_ends_every_session(admin: AdminProgram, account: Account) -> None:
    """It says how many."""
    open_session(admin, account)
    assert "2 sessions ended" in admin.do("accounts", "sign-out", FINESS, "--yes")
    assert show(admin)["sessions"] == []


@pytest.mark.parametrize(
    "words",
    [
        ["show", FINESS],
        ["enable", FINESS],
        ["disable", FINESS, "--reason", "appel", "--yes"],
        ["reclaim", FINESS, "--yes"],
        ["sign-out", FINESS, "--yes"],
        ["set-email", FINESS, EMAIL, "--yes"],
    ],
    ids=lambda words: words[0],
)
def test_number_without_account_is_a_fault(admin: AdminProgram, words: list[str]) -> None:
    """Exit code 1, the number named, nothing recorded."""
    assert f"{FINESS} has no account" in admin.refuse("accounts", *words)
    assert admin.trail() == []


def test_database_without_tables_is_told(empty_database_url: str, tmp_path: Path) -> None:
    """In a sentence with the remedy, and exit code 1."""
    write_settings(tmp_path / "settings.toml", empty_database_url)
    assert "idp db upgrade" in AdminProgram(tmp_path / "settings.toml").refuse(
        "accounts", "show", FINESS
    )
