"""What no practitioner types, in every field of every page: never a fault of ours (C101)."""

from urllib.parse import urlencode

import pytest

from tests.support.provider import Provider, fill_account
from tests.support.visitor import Visitor

FIELDS = (
    *("finess", "password", "iban_suffix", "email", "email_confirmation", "code", "ticket"),
    *("password_confirmation", "current_password", "proof", "request", "suite", "kind"),
    *("shared_computer", "session", "client_id", "token", "site", "done"),
)
FOR_STRANGERS = (
    *("/connexion", "/connexion/plus-tard", "/connexion/rappel", "/mot-de-passe-oublie"),
    *("/inscription", "/inscription/compte", "/inscription/envoye", "/inscription/renvoyer"),
    *("/mise-a-jour", "/mise-a-jour/compte", "/activation", "/activation/terminee"),
    *("/reinitialisation", "/reinitialisation/mot-de-passe", "/reinitialisation/terminee"),
    *("/compte/email/confirmation", "/compte/email/annulation", "/consentement", "/end_session"),
)
FOR_OWNERS = tuple(
    f"/compte{page}" for page in ("", "/mot-de-passe", "/email", "/sessions", "/sites", "/donnees")
)
ODD = (
    "\0",
    "a\0@b.example",
    "'; DROP TABLE accounts; --",
    "{{7*7}}",
    "\x1b[2J\r\nX: y",
    "É" * 5000,
)


@pytest.mark.parametrize("odd", ODD)
def test_strangers(visitor: Visitor, odd: str) -> None:
    """Typed into a form, or put into the address."""
    for path in FOR_STRANGERS:
        assert max(list_statuses(visitor, path, odd)) < 500, path


@pytest.mark.parametrize("odd", ODD)
def test_owners(provider: Provider, visitor: Visitor, odd: str) -> None:
    """The same behind a session."""
    provider.add_account()
    provider.sign_in(visitor)
    for path in FOR_OWNERS:
        assert max(list_statuses(visitor, path, odd)) < 500, path


def test_registration_keeps_no_odd_address(provider: Provider, visitor: Visitor) -> None:
    """Behind a proof, too: an address with a line break gets no mail and costs no fault."""
    provider.add_practitioner()
    page = fill_account(visitor, provider.prove(visitor), email="a@b.example\r\nBcc: c@d.example")
    assert page.status == 422


def list_statuses(visitor: Visitor, path: str, odd: str) -> list[int]:
    """Return how a form of this browser and an address are answered that hold nothing else."""
    page = visitor.open("/connexion?request=none")
    token = page.forms[0].fields["csrf_token"] if page.forms else ""
    posted = {**dict.fromkeys(FIELDS, odd), "csrf_token": token}
    asked = urlencode(dict.fromkeys(FIELDS, odd))
    answers = visitor.request("POST", path, posted), visitor.request("GET", f"{path}?{asked}")
    return [answer.status_code for answer in answers]
