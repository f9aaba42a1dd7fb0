"""Activation: what the link of the mail does. C61, C85, C87, C89, C91, C96."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from idp.accounts.account import AccountState
from idp.accounts.activation import Activated, activate, look_at_activation
from idp.accounts.errors import AccountChangedError
from idp.accounts.links import LinkState
from idp.accounts.login import SignedIn
from idp.accounts.outcomes import LinkDead
from tests.support.accounts_house import (
    DAY,
    EMAIL,
    FINESS,
    HOME,
    SECOND,
    AccountsHouse,
    Browser,
)

OTHER_DEVICE = replace(HOME, flow="a phone", address="203.0.113.9")


def register(house: AccountsHouse, **options: str) -> str:
    """Register; return the token that was mailed."""
    house.register(**options)  # type: ignore[arg-type]
    return house.last_mail("activation").token


def test_activation_creates_the_account(house: AccountsHouse) -> None:
    """The POST activates: the account is active, its address verified, its password set."""
    outcome = activate(house.visit(), register(house))
    assert isinstance(outcome, Activated)
    account = house.account()
    assert (account.state, account.email) == (AccountState.ACTIVE, EMAIL)
    assert account.email_verified_at == house.now
    assert isinstance(house.sign_in(), SignedIn)


def test_c85_looking_changes_nothing(house: AccountsHouse) -> None:
    """C85: scanners open the link ten times, and it still activates."""
    token = register(house)
    assert {look_at_activation(house.visit(OTHER_DEVICE), token) for _ in range(10)} == {
        LinkState.USABLE
    }
    assert house.uow.accounts.kept == {}
    assert isinstance(activate(house.visit(), token), Activated)


def test_c96_link_works_on_another_device_and_signs_nobody_in(house: AccountsHouse) -> None:
    """C96: a forwarded link activates on any device, and opens no session."""
    outcome = activate(house.visit(OTHER_DEVICE), register(house))
    assert isinstance(outcome, Activated)
    assert house.uow.sessions.kept == {}


@pytest.mark.parametrize("browser, is_same", [(HOME, True), (OTHER_DEVICE, False)])
def test_waiting_request_comes_with_whether_this_browser_asked_it(
    house: AccountsHouse, browser: Browser, *, is_same: bool
) -> None:
    """The browser that carries the request goes on with it; another one must not resume it."""
    token = register(house, sealed_request="the request")
    outcome = activate(house.visit(browser), token)
    assert isinstance(outcome, Activated)
    assert (outcome.sealed_request, outcome.is_same_browser) == ("the request", is_same)


@pytest.mark.parametrize("pasted", [" {} ", "<{}>", "\u00ab{}\u00bb", '"{}"\r\n'])
def test_link_works_after_copy_and_paste(house: AccountsHouse, pasted: str) -> None:
    """Stray spaces, angle brackets and quotes around the token do not matter."""
    assert isinstance(activate(house.visit(), pasted.format(register(house))), Activated)


def test_c89_link_is_good_for_24_hours(house: AccountsHouse) -> None:
    """C89: at 23:59:59 it activates, at 24:00:00 it is expired."""
    token = register(house)
    house.now += DAY - SECOND
    assert look_at_activation(house.visit(), token) is LinkState.USABLE
    house.now += SECOND
    assert activate(house.visit(), token) == LinkDead(LinkState.EXPIRED)


def test_used_and_replaced_links_say_so(house: AccountsHouse) -> None:
    """Who holds a real link learns that it was used, or replaced."""
    replaced, used = register(house), register(house)
    activate(house.visit(), used)
    assert activate(house.visit(), used) == LinkDead(LinkState.USED)
    assert activate(house.visit(), replaced) == LinkDead(LinkState.REPLACED)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "é"])
def test_c61_unknown_link_says_nothing(house: AccountsHouse, token: str) -> None:
    """C61: a token we never gave is just not valid."""
    assert activate(house.visit(), token) == LinkDead(None)
    assert look_at_activation(house.visit(), token) is None


def test_c91_sixteen_parallel_posts_create_one_account(house: AccountsHouse) -> None:
    """C91: one link pressed sixteen times at once activates once."""
    token = register(house)
    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(lambda _: activate(house.visit(), token), range(16)))
    assert sum(isinstance(outcome, Activated) for outcome in outcomes) == 1
    assert len(house.uow.accounts.kept) == 1


def test_account_activated_mail_follows(house: AccountsHouse) -> None:
    """A "compte activé" mail goes to the account's address."""
    activate(house.visit(), register(house))
    assert house.last_mail("account_activated").to == EMAIL


def test_directory_s_address_is_told_when_an_account_is_created(house: AccountsHouse) -> None:
    """The address the directory holds is told of an account created with another."""
    house.add_practitioner(email="cabinet@orange.example")
    activate(house.visit(), register(house))
    assert house.last_mail("account_created_notice").to == "cabinet@orange.example"


def test_directory_s_address_gets_one_mail_where_it_is_the_account_s(house: AccountsHouse) -> None:
    """Where both are the same address, "compte activé" tells it already."""
    house.add_practitioner(email=EMAIL.upper())
    activate(house.visit(), register(house))
    assert house.mails("account_created_notice") == []


def test_activation_zeroes_failures(house: AccountsHouse) -> None:
    """Failures of a number before it had an account do not bar its new owner."""
    token = register(house)
    house.fail(3)
    activate(house.visit(), token)
    assert isinstance(house.sign_in(), SignedIn)


def test_c87_link_of_a_practitioner_closed_since_is_dead(house: AccountsHouse) -> None:
    """C87: a practitioner who left the directory activates nothing."""
    token = register(house)
    house.add_practitioner(closed_at=house.now)
    assert activate(house.visit(), token) == LinkDead(LinkState.REPLACED)
    assert house.uow.accounts.kept == {}


def test_link_never_changes_an_account_that_has_an_address(house: AccountsHouse) -> None:
    """An account opened otherwise meanwhile is left as it is."""
    token = register(house)
    account = house.add_account(email="autre@orange.example")
    assert activate(house.visit(), token) == LinkDead(LinkState.REPLACED)
    assert house.account() == account


def test_each_account_has_a_sub_of_its_own(house: AccountsHouse) -> None:
    """`sub` is a random UUID: nothing of the number is in it."""
    activate(house.visit(), register(house))
    sub = house.account().sub
    assert len(sub) == 36
    assert FINESS not in sub


def test_link_used_at_the_same_moment_is_dead(house: AccountsHouse) -> None:
    """Who loses the race for a link learns that it was used."""
    token = register(house)
    house.uow.registrations.loses_races = True
    assert activate(house.visit(), token) == LinkDead(LinkState.USED)
    assert house.uow.accounts.kept == {}


def test_account_opened_at_the_same_moment_is_not_overwritten(house: AccountsHouse) -> None:
    """Where an account appears while one is created, nothing is written over it."""
    token = register(house)
    house.uow.accounts.loses_races = True
    with pytest.raises(AccountChangedError):
        activate(house.visit(), token)
