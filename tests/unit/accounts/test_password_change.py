"""Mon compte, change password: C44, C74, C87, C100."""

from dataclasses import replace

import pytest

from idp.accounts.credentials import Invalid, NewEmail, NewPassword
from idp.accounts.email_change import EmailForm, request_email_change
from idp.accounts.email_links import find_email_link
from idp.accounts.errors import AccountChangedError
from idp.accounts.links import EmailLinkKind, LinkState
from idp.accounts.login import SignedIn
from idp.accounts.outcomes import Blocked, Failed, LinkDead, PasswordTooLong
from idp.accounts.password_change import PasswordChanged, PasswordForm, change_password
from idp.accounts.reset_code import look_at_reset
from idp.accounts.reset_request import request_reset
from idp.accounts.session import Session
from idp.accounts.sessions import find_session
from tests.support.accounts_house import (
    EMAIL,
    FINESS,
    HOME,
    NEW_PASSWORD,
    PASSWORD,
    AccountsHouse,
    Browser,
)

NEW = NewPassword(NEW_PASSWORD, NEW_PASSWORD)
ELSEWHERE = replace(HOME, flow="a phone")


@pytest.fixture
def house() -> AccountsHouse:
    """A room whose practitioner has an account."""
    house = AccountsHouse()
    house.add_account()
    return house


@pytest.fixture
def signed_in(house: AccountsHouse) -> SignedIn:
    """The practitioner, signed in."""
    outcome = house.sign_in()
    assert isinstance(outcome, SignedIn)
    return outcome


def change(
    house: AccountsHouse,
    session: Session,
    current: str = PASSWORD,
    *,
    new: NewPassword = NEW,
    browser: Browser = HOME,
) -> object:
    """Change the password."""
    form = PasswordForm(current, new)
    return change_password(house.visit(browser), form, account=house.account(), session=session)


def test_current_password_changes_it(house: AccountsHouse, signed_in: SignedIn) -> None:
    """Who knows the current password sets a new one."""
    assert isinstance(change(house, signed_in.session), PasswordChanged)
    assert isinstance(house.sign_in(NEW_PASSWORD), SignedIn)
    assert house.account().password_changed_at == house.now


def test_c74_wrong_current_password_counts_as_a_failed_login(
    house: AccountsHouse, signed_in: SignedIn
) -> None:
    """C74: this form and the login share one counter, so there is no side door."""
    assert change(house, signed_in.session, "wrong") == Failed(2)
    assert house.fail() == Failed(1)
    assert isinstance(change(house, signed_in.session, "wrong"), Blocked)
    assert isinstance(change(house, signed_in.session), Blocked)


def test_c44_other_sessions_grants_and_devices_end(
    house: AccountsHouse, signed_in: SignedIn
) -> None:
    """C44: this session and this known browser go on; everything else ends."""
    assert signed_in.device_secret
    here = replace(HOME, device=signed_in.device_secret)
    other = house.sign_in(browser=ELSEWHERE)
    assert isinstance(other, SignedIn)
    changed = change(house, signed_in.session, browser=here)
    assert isinstance(changed, PasswordChanged)
    assert find_session(house.visit(), changed.opened.secret) == changed.opened.session
    assert changed.opened.session.sid == signed_in.session.sid
    assert find_session(house.visit(), other.session_secret) is None
    assert house.uow.grants.revoked == [house.account().sub]
    assert len(house.uow.known_devices.kept) == 1


def test_copy_of_the_cookie_is_worth_nothing_afterwards(
    house: AccountsHouse, signed_in: SignedIn
) -> None:
    """C44: this session gets a new secret, so whoever stole the old one is out too."""
    change(house, signed_in.session)
    assert find_session(house.visit(), signed_in.session_secret) is None


def test_owner_is_told(house: AccountsHouse, signed_in: SignedIn) -> None:
    """A notice is mailed."""
    change(house, signed_in.session)
    assert house.last_mail("password_changed").to == EMAIL


def test_c87_mailed_links_die(house: AccountsHouse, signed_in: SignedIn) -> None:
    """C87: links to a reset or to another address are dead after a change of password."""
    request_reset(house.visit(), finess=FINESS, email=EMAIL)
    other = "autre@orange.example"
    form = EmailForm(PASSWORD, NewEmail(other, other))
    request_email_change(house.visit(), form, account=house.account())
    change(house, signed_in.session)
    reset_token = house.last_mail("reset").token
    assert look_at_reset(house.visit(), reset_token) == LinkDead(LinkState.REPLACED)
    confirm_token = house.last_mail("email_change_confirm").token
    link = find_email_link(house.visit(), confirm_token, EmailLinkKind.CONFIRM)
    assert link
    assert link.state(house.now) is LinkState.REPLACED


@pytest.mark.parametrize("password", ["Docteur75!", "Camille75!", "court1A"])
def test_c100_weak_password_is_refused_before_a_try_is_counted(
    house: AccountsHouse, signed_in: SignedIn, password: str
) -> None:
    """C100: what is refused at registration is refused here, and costs no try."""
    reserved = house.uow.attempts.reserved
    outcome = change(house, signed_in.session, new=NewPassword(password, password))
    assert isinstance(outcome, Invalid)
    assert house.uow.attempts.reserved == reserved


def test_too_long_current_password_is_refused(house: AccountsHouse, signed_in: SignedIn) -> None:
    """Over 25 characters nothing is counted or hashed."""
    assert change(house, signed_in.session, "x" * 26) == PasswordTooLong()


def test_two_hashes_take_one_slot(house: AccountsHouse, signed_in: SignedIn) -> None:
    """Checking and hashing hold one slot, so that a full queue never loses a counted try."""
    house.hasher.count = 0
    change(house, signed_in.session)
    assert (house.hasher.count, house.slots.held) == (2, 0)


def test_change_at_the_same_moment_is_not_overwritten(
    house: AccountsHouse, signed_in: SignedIn
) -> None:
    """Where the account changed during the hash, nothing is written over it."""
    stored = house.account().password_hash
    house.uow.accounts.loses_races = True
    with pytest.raises(AccountChangedError):
        change(house, signed_in.session)
    assert house.account().password_hash == stored
