"""`idp accounts timeline`: what is said on the phone."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from idp.accounts.account import AccountState
from idp.accounts.lockout import strangers_key
from idp.audit_events import Event
from idp.cli.accounts_timeline import describe_event
from idp.cli.timeline_wording import SENTENCES
from idp.settings import name_operator
from idp.store.audit import AuditEvent
from tests.support.admin_program import FINESS, NAME, AdminProgram

MOMENT = datetime(2026, 3, 2, 9, 30, 5, tzinfo=UTC)
OF_NOBODY = {Event.NETWORK_REFUSED, Event.ACCOUNTS_UNLOCKED, Event.DIRECTORY_IMPORTED}
OTHERS = ("authorization.", "client.", "database.", "keys.", "mail.", "token.")
OF_PRACTITIONERS = [e for e in Event if e not in OF_NOBODY and not e.startswith(OTHERS)]
"""Events that bear a FINESS number: no timeline has the others."""


def make_event(
    name: str, *, sub: str | None = "sub", details: Mapping[str, str] | None = None, **fields: str
) -> AuditEvent:
    """Return an event of FINESS."""
    return AuditEvent(
        id="1", at=MOMENT, name=name, finess=FINESS, sub=sub, details=details or {}, **fields
    )


@pytest.mark.parametrize("event", OF_PRACTITIONERS)
def test_every_event_is_said_in_french(event: Event) -> None:
    """In a sentence with its typography: no-break spaces before signs, no straight apostrophe."""
    said = describe_event(make_event(event, details={"until": MOMENT.isoformat()}))
    assert event in SENTENCES
    assert said.endswith(".")
    assert "{" not in said
    assert not re.search(r" [:;!?»]|« |'", said), said


def test_unknown_event_is_named() -> None:
    """An event of another room does not break the story."""
    assert describe_event(make_event("keys.rotated")) == "Autre événement\u00a0: keys.rotated."


def test_block_says_until_when_in_paris() -> None:
    """With the offset, since who calls reads a clock in France."""
    event = make_event(
        Event.ACCOUNT_BLOCKED, reason="strangers", details={"until": "2026-07-02T11:30:05+00:00"}
    )
    assert "jusqu’au 02/07/2026 13:30:05 (+02:00)" in describe_event(event)


def test_alarm_says_what_administrators_were_told() -> None:
    """The words of the mail: a block from strangers has the same reason, and others."""
    event = make_event(Event.ALARM_RAISED, reason="strangers")
    assert describe_event(event).startswith("Alerte aux administrateurs. Un compte a reçu")


def test_failed_proof_says_at_which_door() -> None:
    """Inscription and Mettre à jour mon compte share a counter, and fail apart."""
    event = make_event(Event.PROOF_FAILED, reason="update")
    assert describe_event(event).startswith("Mise à jour du compte\u00a0: les 5")


def test_reset_that_matched_nobody_says_that_nothing_was_sent() -> None:
    """What the page must not tell, the phone may."""
    event = make_event(Event.RESET_REQUESTED, sub=None)
    assert "aucun message expédié" in describe_event(event)


def test_who_did_it_and_from_where() -> None:
    """An operator, or the network of whoever knocked."""
    assert describe_event(make_event(Event.ACCOUNT_ENABLED, operator="marie")).endswith(
        "Par marie."
    )
    login = make_event(Event.LOGIN_SUCCEEDED, network="192.0.2.7")
    assert describe_event(login) == "Connexion réussie. Réseau 192.0.2.7."


def test_story_is_told_in_order(admin: AdminProgram) -> None:
    """From the earliest on, each with its time, then how things stand."""
    admin.add_practitioner()
    admin.add_account()
    admin.do("accounts", "disable", FINESS, "--reason", "appel du titulaire", "--yes")
    admin.do("accounts", "enable", FINESS)
    lines = admin.do("accounts", "timeline", "75 0000 010").splitlines()
    assert re.match(r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d \(\+0[12]:00\)  Compte suspendu", lines[0])
    assert "appel du titulaire" in lines[0]
    assert f"Par {name_operator()}." in lines[1]
    assert lines[3:] == [
        f"{FINESS}\u00a0: {NAME}.",
        "Le compte est activé.",
        "Sessions ouvertes\u00a0: 0.",
    ]


def test_what_stands_in_the_way_is_said(admin: AdminProgram) -> None:
    """No RIB, no address, a block: what the caller needs to know first."""
    admin.add_practitioner(iban_digest=None, iban_key_version=None, closed_at=MOMENT)
    admin.add_account(state=AccountState.WITHOUT_EMAIL, email=None)
    with admin.toolbox.visit() as visit:
        key = strangers_key(visit, FINESS)
        visit.uow.attempts.block(key, visit.now + timedelta(hours=2), visit.now)
    story = admin.do("accounts", "timeline", FINESS)
    for said in (
        "Ce numéro est sorti de l’annuaire.",
        "Aucun RIB n’est enregistré.",
        "Le compte n’a pas d’adresse mail",
        "La connexion est bloquée jusqu’au",
    ):
        assert said in story


def test_nothing_known_is_said(admin: AdminProgram) -> None:
    """A number that nobody has."""
    story = admin.do("accounts", "timeline", FINESS)
    assert "Aucun événement" in story
    assert "Ce numéro n’est pas dans l’annuaire." in story
    assert "Aucun compte" in story


def test_latest_are_shown(admin: AdminProgram) -> None:
    """--limit keeps the end of the story."""
    admin.add_practitioner()
    for _ in range(3):
        admin.do("practitioners", "unlock", FINESS)
    story = admin.do("accounts", "timeline", FINESS, "--limit", "2")
    assert story.count("Blocage de la vérification par IBAN levé.") == 2
