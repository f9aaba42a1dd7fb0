"""Attack cases C97 to C100: what may be a password, and what a very long one costs."""

from io import RawIOBase
from time import perf_counter

import pytest

from tests.attacks.people import add_accounts, ask_reset, choose_password, count_hashes, type_code
from tests.support.protocol_house import ISSUER
from tests.support.provider import (
    EMAIL,
    FINESS,
    OTHER_FINESS,
    PASSWORD,
    Provider,
    fill_account,
)
from tests.support.statement_counts import count_statements
from tests.support.visitor import Page, Visitor

COMMON, CONTEXTUAL = "Docteur75!", ("Aa!75 000 123 2", "Camille.Martin1!", "Cabinet Delorme 1!")
FORM = "application/x-www-form-urlencoded"


class UnreadableBody(RawIOBase):
    """A body that is never looked at."""

    def readinto(self, _: object) -> int:
        """Fail."""
        raise AssertionError("the body was read")


def reach_registration(provider: Provider, visitor: Visitor) -> Page:
    """Return step 2 of Inscription."""
    provider.add_practitioner()
    return provider.prove(visitor)


def reach_reset(provider: Provider, visitor: Visitor) -> Page:
    """Return the last step of Mot de passe oublié."""
    provider.add_account()
    ask_reset(visitor)
    mail = provider.mailbox.read_latest(EMAIL)
    return type_code(visitor, mail.link, mail.code)


@pytest.mark.parametrize(
    "password, is_taken",
    [
        ("Été 1a!", False),
        ("Été 1ab!", True),
        ("\u00c9" + "te\u0301" * 11 + " 1", True),
        ("É" + "té" * 12 + "1", False),
        ("É" + "té" * 11 + " 1!", False),
        ("🙂Kxqz 12", True),
    ],
)
def test_c97_lengths(
    provider: Provider, visitor: Visitor, password: str, *, is_taken: bool
) -> None:
    """C97: eight to twenty-five code points after NFC, and every class, at the page itself."""
    page = fill_account(visitor, reach_registration(provider, visitor), password=password)
    assert page.address.endswith("/envoye") is is_taken
    assert page.status == (200 if is_taken else 422)


def test_c97_too_long_is_refused_before_anything(provider: Provider, visitor: Visitor) -> None:
    """C97: 26 characters: the same page for every number, without a statement or a hash."""
    provider.add_account()
    hashes = count_hashes(provider)
    for finess in (FINESS, OTHER_FINESS):
        form = visitor.open("/connexion")
        with count_statements(provider.running.built.database) as counts:
            page = provider.sign_in(visitor, finess, password="Aa1!" * 6 + "xx", page=form)
        assert (page.status, counts.statements) == (422, [])
    assert count_hashes(provider) == hashes


@pytest.mark.parametrize("size", [1_000_000, 100_000_000])
def test_c97_huge_passwords(provider: Provider, visitor: Visitor, size: int) -> None:
    """C97: a megabyte or a hundred: 413 at once, by its announced length; nothing is read."""
    announced = {"CONTENT_LENGTH": str(size), "wsgi.input": UnreadableBody()}
    began = perf_counter()
    answer = visitor.client.post(
        "/connexion", base_url=ISSUER, content_type=FORM, environ_overrides=announced
    )
    assert answer.status_code == 413
    assert perf_counter() - began < 1
    assert count_hashes(provider) == 0


@pytest.mark.parametrize("password", [COMMON, *CONTEXTUAL])
def test_c100_at_every_door(provider: Provider, password: str) -> None:
    """C100: a common password, or one's own words, is refused at registration, reset and change."""
    visitor = provider.open_browser()
    registering = fill_account(visitor, reach_registration(provider, visitor), password=password)
    resetting = choose_password(visitor, reach_reset(provider, visitor), password)
    provider.sign_in(visitor)
    changing = visitor.submit(
        visitor.open("/compte/mot-de-passe"),
        "password-submit",
        current_password=PASSWORD,
        password=password,
        password_confirmation=password,
    )
    for page in (registering, resetting, changing):
        assert page.status == 422
        assert "Le mot de passe ne doit pas" in page.html or "trop courant" in page.html
    assert provider.sign_in(provider.open_browser()).title.startswith("Vous êtes")


def test_c100_not_at_login(provider: Provider, visitor: Visitor) -> None:
    """C100: whoever already has such a password still signs in with it."""
    hasher = provider.running.built.services.tools.hasher
    add_accounts(provider, [FINESS], password_hash=hasher.hash(COMMON))
    assert provider.sign_in(visitor, password=COMMON).title.startswith("Vous êtes")
