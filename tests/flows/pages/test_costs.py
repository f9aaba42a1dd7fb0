"""What the pages cost, one request at a time; the endpoints' costs are in ../protocol.

Looking costs reads alone. What tries a secret commits twice: the attempt is counted before it.
"""

import pytest

from tests.support.meter import Cost, Meter
from tests.support.provider import (
    EMAIL,
    FINESS,
    NEW_PASSWORD,
    OTHER_FINESS,
    PASSWORD,
    SUFFIX,
    UNKNOWN_FINESS,
    Provider,
)
from tests.support.visitor import Visitor

NEW_EMAIL = "nouveau@orange.example"
EMAILS = {"email": NEW_EMAIL, "email_confirmation": NEW_EMAIL}
ENTRANCE = ("/", "/connexion", "/inscription", "/mise-a-jour", "/mot-de-passe-oublie", "/securite")
NEW_PASSWORDS = {"password": NEW_PASSWORD, "password_confirmation": NEW_PASSWORD}


@pytest.fixture
def meter(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Meter:
    """Counts, in a provider with one account."""
    provider.add_account()
    return Meter(provider, monkeypatch)


@pytest.fixture
def signed_in(provider: Provider, visitor: Visitor) -> Visitor:
    """A practitioner who signed in; ask for `meter` before."""
    provider.sign_in(visitor)
    return visitor


def test_entrance_costs_nothing(meter: Meter, visitor: Visitor) -> None:
    """Whoever only looks makes no statement: a flood of visitors leaves nothing behind."""
    costs = {path: meter.get(visitor, path) for path in ENTRANCE}
    assert costs == dict.fromkeys(ENTRANCE, Cost())


def test_login_page_of_a_site_costs_nothing(
    provider: Provider, meter: Meter, visitor: Visitor
) -> None:
    """The request waits sealed in the page."""
    assert meter.get(visitor, provider.start_at_site(visitor).address) == Cost()


def test_login(provider: Provider, meter: Meter, visitor: Visitor) -> None:
    """Account and network's budget are read; attempt, session, device, trail, code are written."""
    page = provider.start_at_site(visitor)
    cost = meter.submit(visitor, page, "login-submit", finess=FINESS, password=PASSWORD)
    assert cost == Cost(reads=2, writes=7, commits=3, hashes=1)


def test_login_from_a_known_browser(provider: Provider, meter: Meter, signed_in: Visitor) -> None:
    """The device is read instead of the budget, the session at hand, and whether it is answered."""
    page = provider.start_at_site(signed_in, prompt="login")
    cost = meter.submit(signed_in, page, "login-submit", finess=FINESS, password=PASSWORD)
    assert cost == Cost(reads=4, writes=8, commits=3, hashes=1)


@pytest.mark.parametrize("finess", [FINESS, UNKNOWN_FINESS])
def test_failed_login(finess: str, meter: Meter, visitor: Visitor) -> None:
    """A known number and an unknown one cost the same."""
    page = visitor.open("/connexion")
    cost = meter.submit(visitor, page, "login-submit", finess=finess, password="wrong")
    assert cost == Cost(reads=2, writes=4, commits=2, hashes=1)


@pytest.mark.parametrize("finess", [FINESS, UNKNOWN_FINESS])
def test_blocked_login(finess: str, provider: Provider, meter: Meter, visitor: Visitor) -> None:
    """A blocked number is not hashed for."""
    for _ in range(3):
        page = provider.sign_in(visitor, finess, password="wrong")
    page = visitor.open("/connexion")
    cost = meter.submit(visitor, page, "login-submit", finess=finess, password=PASSWORD)
    assert cost == Cost(reads=3, writes=1, commits=1)


@pytest.mark.parametrize("suffix, cost", [("00000", Cost(3, 5, 2)), (SUFFIX, Cost(4, 3, 2))])
def test_proof(suffix: str, cost: Cost, provider: Provider, meter: Meter, visitor: Visitor) -> None:
    """Number and IBAN: nothing is hashed slowly, right or wrong."""
    provider.add_practitioner(OTHER_FINESS)
    page = visitor.open("/inscription")
    given = {"finess": OTHER_FINESS, "iban_suffix": suffix}
    assert meter.submit(visitor, page, "proof-submit", **given) == cost


def test_registration_and_activation(provider: Provider, meter: Meter, visitor: Visitor) -> None:
    """One commit each; the link's GET changes nothing."""
    provider.add_practitioner(OTHER_FINESS)
    page = provider.prove(visitor, OTHER_FINESS)
    cost = meter.submit(visitor, page, "register-submit", **EMAILS, **NEW_PASSWORDS)
    assert cost == Cost(reads=3, writes=6, commits=1, hashes=1)
    link = provider.mailbox.read_latest(NEW_EMAIL).link
    assert meter.get(visitor, link) == Cost()
    assert meter.get(visitor, "/activation") == Cost(reads=1)
    cost = meter.submit(visitor, visitor.open("/activation"), "activate-submit")
    assert cost == Cost(reads=3, writes=5, commits=1)


def test_account_pages(meter: Meter, signed_in: Visitor) -> None:
    """Session and account are read, and what the page is about; nothing is written."""
    reads = {"": 6, "/mot-de-passe": 2, "/email": 2, "/sessions": 4, "/sites": 3, "/donnees": 2}
    costs = {path: meter.get(signed_in, f"/compte{path}") for path in reads}
    assert costs == {path: Cost(reads=number) for path, number in reads.items()}


@pytest.mark.parametrize("finess", [FINESS, UNKNOWN_FINESS])
def test_reset_request(finess: str, meter: Meter, visitor: Visitor) -> None:
    """A known number and an unknown one cost nearly the same, and no hash."""
    page = visitor.open("/mot-de-passe-oublie")
    cost = meter.submit(visitor, page, "reset-request-submit", finess=finess, email=EMAIL)
    assert cost == Cost(reads=1, writes=4, commits=2)


def test_reset(provider: Provider, meter: Meter, visitor: Visitor) -> None:
    """The code's try is counted first; the new password is hashed once, all else ends with it."""
    page = visitor.open("/mot-de-passe-oublie")
    visitor.submit(page, "reset-request-submit", finess=FINESS, email=EMAIL)
    mail = provider.mailbox.read_latest(EMAIL)
    page = visitor.open(mail.link)
    cost = meter.submit(visitor, page, "code-submit", finess=FINESS, code=mail.code)
    assert cost == Cost(reads=1, writes=2, commits=2)
    page = visitor.open("/reinitialisation/mot-de-passe")
    cost = meter.submit(visitor, page, "password-submit", **NEW_PASSWORDS)
    assert cost == Cost(reads=4, writes=11, commits=1, hashes=1)


def test_password_change(meter: Meter, signed_in: Visitor) -> None:
    """Two hashes: the old password's and the new one's."""
    page = signed_in.open("/compte/mot-de-passe")
    typed = {"current_password": PASSWORD, **NEW_PASSWORDS}
    cost = meter.submit(signed_in, page, "password-submit", **typed)
    assert cost == Cost(reads=5, writes=11, commits=2, hashes=2)


def test_logout(meter: Meter, signed_in: Visitor) -> None:
    """Session, grants and trail in one commit."""
    page = signed_in.open("/end_session")
    assert meter.submit(signed_in, page, "logout-confirm") == Cost(reads=4, writes=3, commits=1)
