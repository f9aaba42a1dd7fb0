"""Réinitialisation, step 3: C44, C87, C91, C93, C100."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from idp.accounts.account import AccountState
from idp.accounts.admin import disable_account
from idp.accounts.credentials import Invalid, NewPassword
from idp.accounts.errors import AccountChangedError
from idp.accounts.links import LinkState
from idp.accounts.login import SignedIn
from idp.accounts.outcomes import Blocked, Failed, LinkDead
from idp.accounts.reset import PasswordReset, set_new_password
from idp.accounts.reset_code import CodeNeeded, CodesExhausted, look_at_reset, try_code
from idp.accounts.reset_request import request_reset
from tests.support.accounts_house import (
    EMAIL,
    FINESS,
    HOME,
    NEW_PASSWORD,
    AccountsHouse,
    Browser,
)

NEW = NewPassword(NEW_PASSWORD, NEW_PASSWORD)
PHONE = replace(HOME, flow="a phone")


@pytest.fixture
def house() -> AccountsHouse:
    """A room whose practitioner has an account."""
    house = AccountsHouse()
    house.add_account()
    return house


def ask(house: AccountsHouse, browser: Browser = HOME, sealed_request: str = "") -> str:
    """Ask for a reset and give its code; return the token of its link."""
    request_reset(house.visit(browser), finess=FINESS, email=EMAIL, sealed_request=sealed_request)
    mail = house.last_mail("reset")
    try_code(house.visit(browser), mail.token, finess=FINESS, code=mail.secrets["code"])
    return mail.token


def test_new_password_signs_in_and_the_old_one_does_not(house: AccountsHouse) -> None:
    """After the reset the new password is the one."""
    assert isinstance(set_new_password(house.visit(), ask(house), NEW), PasswordReset)
    assert isinstance(house.sign_in(NEW_PASSWORD), SignedIn)
    assert house.sign_in() == Failed(2)


def test_c93_nobody_is_signed_in_by_a_reset(house: AccountsHouse) -> None:
    """C93: no auto-login."""
    set_new_password(house.visit(), ask(house), NEW)
    assert house.uow.sessions.kept == {}


def test_c44_reset_ends_everything_that_was_open(house: AccountsHouse) -> None:
    """C44, C93: sessions of three browsers, grants and known devices are gone."""
    for _ in range(3):
        house.make_known_browser()
    set_new_password(house.visit(), ask(house), NEW)
    sub = house.account().sub
    assert house.uow.sessions.find_all(sub, house.now) == []
    assert house.uow.grants.revoked == [sub]
    assert len(house.uow.known_devices.kept) == 1


def test_c93_completed_reset_lifts_the_block(house: AccountsHouse) -> None:
    """C93: the completed reset, and no step before it, zeroes the failures."""
    house.fail(3)
    token = ask(house)
    assert isinstance(house.sign_in(), Blocked)
    set_new_password(house.visit(), token, NEW)
    assert isinstance(house.sign_in(NEW_PASSWORD, browser=PHONE), SignedIn)


def test_reset_zeroes_this_browser_s_own_count_too(house: AccountsHouse) -> None:
    """A known browser that blocked itself is let in after the reset."""
    known = house.make_known_browser()
    house.fail(3, browser=known)
    set_new_password(house.visit(known), ask(house, known), NEW)
    assert isinstance(house.sign_in(NEW_PASSWORD, browser=known), SignedIn)


def test_completing_a_reset_makes_the_browser_known(house: AccountsHouse) -> None:
    """The browser that completed the reset is not blocked by strangers."""
    outcome = set_new_password(house.visit(), ask(house), NEW)
    assert isinstance(outcome, PasswordReset)
    assert outcome.device_secret
    house.fail(3, browser=PHONE)
    known = replace(HOME, device=outcome.device_secret)
    assert isinstance(house.sign_in(NEW_PASSWORD, browser=known), SignedIn)


def test_notice_is_mailed(house: AccountsHouse) -> None:
    """The owner is told that the password was changed."""
    set_new_password(house.visit(), ask(house), NEW)
    assert house.last_mail("password_changed").to == EMAIL


def test_c88_using_one_link_kills_the_others(house: AccountsHouse) -> None:
    """C88: the first of two mails serves, and the second is then replaced."""
    first, second = ask(house), ask(house)
    set_new_password(house.visit(), first, NEW)
    assert look_at_reset(house.visit(), first) == LinkDead(LinkState.USED)
    assert look_at_reset(house.visit(), second) == LinkDead(LinkState.REPLACED)


def test_link_without_the_code_sets_nothing(house: AccountsHouse) -> None:
    """The new password is taken from the browser that proved the code alone."""
    token = ask(house)
    assert set_new_password(house.visit(PHONE), token, NEW) == CodeNeeded(2)
    assert set_new_password(house.visit(replace(HOME, flow="")), token, NEW) == CodeNeeded(2)


def test_exhausted_codes_set_nothing(house: AccountsHouse) -> None:
    """A request killed by wrong codes leads nowhere."""
    request_reset(house.visit(), finess=FINESS, email=EMAIL)
    token = house.last_mail("reset").token
    for _ in range(3):
        try_code(house.visit(), token, finess=FINESS, code="no code")
    assert set_new_password(house.visit(), token, NEW) == CodesExhausted()


def test_unknown_link_sets_nothing(house: AccountsHouse) -> None:
    """C61: a made-up token is just not valid."""
    assert set_new_password(house.visit(), "made up", NEW) == LinkDead(None)


def test_c91_sixteen_parallel_posts_set_one_password(house: AccountsHouse) -> None:
    """C91: of sixteen posts of one link one sets its password."""
    token = ask(house)
    passwords = [f"Vélo rouge {number}, freins" for number in range(16)]
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(
            pool.map(lambda p: set_new_password(house.visit(), token, NewPassword(p, p)), passwords)
        )
    assert sum(isinstance(outcome, PasswordReset) for outcome in outcomes) == 1
    assert len(house.mails("password_changed")) == 1


@pytest.mark.parametrize("password", ["Docteur75!", "Camille75!", "court1A!"[:7]])
def test_c100_weak_password_is_refused_with_its_reason(house: AccountsHouse, password: str) -> None:
    """C100: what is refused at registration is refused here, and the link stays good."""
    token = ask(house)
    outcome = set_new_password(house.visit(), token, NewPassword(password, password))
    assert isinstance(outcome, Invalid)
    assert outcome.faults["password"][0].text
    assert isinstance(set_new_password(house.visit(), token, NEW), PasswordReset)


def test_c87_link_is_dead_once_the_account_is_disabled(house: AccountsHouse) -> None:
    """C87: disabling kills the links that were mailed."""
    token = ask(house)
    disable_account(house.visit(), FINESS, reason="fraud")
    assert set_new_password(house.visit(), token, NEW) == LinkDead(LinkState.REPLACED)
    assert house.account().state is AccountState.DISABLED


def test_waiting_request_is_kept_for_the_browser_that_asked(house: AccountsHouse) -> None:
    """Connexion goes on with the request, in the browser that carries it."""
    outcome = set_new_password(house.visit(), ask(house, sealed_request="the request"), NEW)
    assert isinstance(outcome, PasswordReset)
    assert outcome.sealed_request == "the request"


def test_reset_is_in_the_trail(house: AccountsHouse) -> None:
    """Request and completion are audit events."""
    set_new_password(house.visit(), ask(house), NEW)
    assert (house.events("reset.requested"), house.events("password.reset")) == (1, 1)


def test_link_used_at_the_same_moment_is_dead(house: AccountsHouse) -> None:
    """Who loses the race for a link learns that it was used."""
    token = ask(house)
    house.uow.resets.loses_races = True
    assert set_new_password(house.visit(), token, NEW) == LinkDead(LinkState.USED)
    assert isinstance(house.sign_in(), SignedIn)


def test_account_changed_at_the_same_moment_is_not_overwritten(house: AccountsHouse) -> None:
    """A change between reading and writing is an error, and nothing is written."""
    token = ask(house)
    house.uow.accounts.loses_races = True
    with pytest.raises(AccountChangedError):
        set_new_password(house.visit(), token, NEW)


def test_link_that_outlived_its_account_is_dead(house: AccountsHouse) -> None:
    """A link of an account that is no longer active sets nothing."""
    token = ask(house)
    house.add_account(state=AccountState.DISABLED)
    assert set_new_password(house.visit(), token, NEW) == LinkDead(LinkState.REPLACED)
