"""Attack cases C64 to C74: guessing passwords, codes and IBANs. Races are in the next file."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.attacks.conftest import ADMIN, StartProvider
from tests.attacks.people import WRONG, ask_reset, list_events, type_code
from tests.support.provider import (
    EMAIL,
    FINESS,
    NEW_PASSWORD,
    SUFFIX,
    Provider,
)
from tests.support.signing import DAY, HOUR, SECOND
from tests.support.visitor import Page, Visitor

WRONG_SUFFIX = "99999"


def invent_numbers(count: int) -> Iterator[str]:
    """Yield numbers that nobody has."""
    yield from (f"97{number:07d}" for number in range(count))


def is_signed_in(page: Page) -> bool:
    """Whether a sign-in without a site worked."""
    return page.title.startswith("Vous êtes")


def fail(provider: Provider, visitor: Visitor, times: int, finess: str = FINESS) -> Page:
    """Type a wrong password so many times; return the last page."""
    pages = [provider.sign_in(visitor, finess, password=WRONG) for _ in range(times)]
    return pages[-1]


def test_c64_codes_serve_their_own_link(provider: Provider, visitor: Visitor) -> None:
    """C64: a code of one request does not serve another; three wrong ones kill it alone."""
    provider.add_account()
    for _ in range(2):
        ask_reset(visitor)
        provider.clock.advance(SECOND)
    first, second = provider.mailbox.read(EMAIL)
    for _ in range(3):
        page = type_code(visitor, first.link, second.code)
    assert page.title == "Cette demande est close"
    assert visitor.open(first.link).status == 410
    page = type_code(visitor, second.link, second.code)
    assert page.title == "Choisissez votre nouveau mot de passe"


def test_c64_three_mails_an_hour(provider: Provider, visitor: Visitor) -> None:
    """C64: past three mails within the hour nothing is sent; after it, again."""
    provider.add_account()
    for _ in range(5):
        assert ask_reset(visitor).title == "Consultez votre boîte mail"
    assert len(provider.mailbox.read(EMAIL)) == 3
    provider.clock.advance(HOUR)
    ask_reset(visitor)
    assert len(provider.mailbox.read(EMAIL)) == 4


def test_c67_one_number(provider: Provider, visitor: Visitor) -> None:
    """C67: three pairs in two hours; after nine failures one a day, until an unlock."""
    provider.add_practitioner()
    statuses = []
    for _ in range(4):
        pages = [provider.prove(visitor, suffix=WRONG_SUFFIX) for _ in range(3)]
        statuses.append([page.status for page in pages])
        provider.clock.advance(2 * HOUR)
    assert statuses == [[422, 422, 429]] * 3 + [[429, 429, 429]]
    provider.clock.advance(DAY)
    assert provider.prove(visitor, suffix=WRONG_SUFFIX).status == 429
    assert provider.prove(visitor).status == 429
    provider.clock.advance(DAY)
    assert provider.prove(visitor).address.split("?")[0].endswith("/inscription/compte")


def test_c67_one_network(provider: Provider) -> None:
    """C67: over all numbers a network has twenty failed pairs an hour; its logins go on."""
    provider.add_account()
    robot = provider.open_browser("198.51.100.7")
    pages = [provider.prove(robot, finess, suffix=WRONG_SUFFIX) for finess in invent_numbers(22)]
    assert [page.status for page in pages] == [422] * 20 + [429] * 2
    neighbour = provider.open_browser("198.51.100.200")
    assert provider.prove(neighbour).status == 429
    assert is_signed_in(provider.sign_in(neighbour))
    assert provider.prove(provider.open_browser("203.0.113.9")).title == "Votre compte existe déjà"
    assert [event.reason for event in list_events(provider, "alarm.raised")] == ["network"]


def test_c67_many_networks(start_provider: StartProvider) -> None:
    """C67: failed pairs from everywhere raise the alarm, and refuse nobody."""
    provider = start_provider(lockout={"proof_alarm_per_hour": 12})
    provider.add_practitioner()
    for number, finess in enumerate(invent_numbers(14)):
        robot = provider.open_browser(f"198.51.{number}.7")
        assert provider.prove(robot, finess, suffix=WRONG_SUFFIX).status == 422
    assert [event.reason for event in list_events(provider, "alarm.raised")] == ["proofs"]
    assert len(provider.mailbox.read(ADMIN)) == 1
    assert "/compte" in provider.prove(provider.open_browser("203.0.113.9")).address


@pytest.mark.parametrize("typed", ["02606", " 0 2606 ", "\uff10\uff12\uff16\uff10\uff16"])
def test_c68_suffixes_are_normalized_once(provider: Provider, visitor: Visitor, typed: str) -> None:
    """C68: spaces and full-width digits are the same five characters; others are not."""
    provider.add_practitioner()
    assert provider.prove(visitor, suffix=SUFFIX[::-1]).status == 422
    assert "/compte" in provider.prove(visitor, suffix=typed).address


def test_c71_password_spraying(start_provider: StartProvider) -> None:
    """C71: one password over many numbers: the network is refused, nobody is blocked, an alarm."""
    provider = start_provider(lockout={"network_logins_per_hour": 15, "login_alarm_per_hour": 20})
    provider.add_account()
    for address, refused in (("198.51.100.7", 2), ("2001:db8:1:2::7", 0)):
        robot = provider.open_browser(address)
        numbers = invent_numbers(15 + refused) if refused else invent_numbers(6)
        pages = [provider.sign_in(robot, finess, password="Bonjour1!") for finess in numbers]
        assert [page.status for page in pages].count(429) == refused
    alarms = {event.reason for event in list_events(provider, "alarm.raised")}
    assert alarms == {"logins", "network"}
    assert list_events(provider, "account.blocked") == []
    assert is_signed_in(provider.sign_in(provider.open_browser("203.0.113.9")))


def test_c72_right_password_while_blocked(provider: Provider, visitor: Visitor) -> None:
    """C72: refused with the same page; trying does not prolong it; over after exactly two hours."""
    provider.add_account()
    blocked = fail(provider, visitor, 3)
    provider.clock.advance(2 * HOUR - SECOND)
    early = provider.sign_in(visitor)
    assert (early.status, early.title) == (429, blocked.title)
    provider.clock.advance(SECOND)
    assert is_signed_in(provider.sign_in(visitor))


def test_c73_count_starts_anew(provider: Provider) -> None:
    """C73: a success zeroes the count, and failures older than two hours are forgotten."""
    provider.add_account()
    stranger = provider.open_browser()
    for _ in range(2):
        assert fail(provider, stranger, 2).status == 422
        assert is_signed_in(provider.sign_in(stranger))
        stranger.forget_cookie("device")
        stranger.forget_cookie("session")
    for _ in range(2):
        assert fail(provider, stranger, 2).status == 422
        provider.clock.advance(timedelta(hours=2, seconds=1))
    assert is_signed_in(provider.sign_in(stranger))


def test_c74_no_side_door(provider: Provider, visitor: Visitor) -> None:
    """C74: the forms of Mon compte charge the browser's one counter; administrators have none."""
    provider.add_account()
    provider.sign_in(visitor)
    new = dict.fromkeys(("password", "password_confirmation"), NEW_PASSWORD)
    address = dict.fromkeys(("email", "email_confirmation"), "neuf@orange.example")
    for path, button, typed in (
        ("/compte/mot-de-passe", "password-submit", new),
        ("/compte/email", "email-submit", address),
        ("/compte/email", "email-submit", address),
    ):
        page = visitor.submit(visitor.open(path), button, current_password=WRONG, **typed)
    assert (page.status, page.title) == (429, "Accès bloqué")
    visitor.forget_cookie("session")
    assert provider.sign_in(visitor).status == 429
    rules = [rule.rule for rule in provider.running.app.url_map.iter_rules()]
    assert not any("admin" in rule for rule in rules)
