"""Undoing a change of address: 72 hours, once, and the account is frozen."""

import pytest

from idp.accounts.account import AccountState
from idp.accounts.admin import enable_account, reclaim_account
from idp.accounts.credentials import NewEmail, NewPassword
from idp.accounts.email_change import EmailForm, confirm_email, request_email_change
from idp.accounts.email_undo import EmailUndone, undo_email_change
from idp.accounts.errors import AccountChangedError
from idp.accounts.links import LinkState
from idp.accounts.login import SignedIn
from idp.accounts.outcomes import Failed, LinkDead
from idp.accounts.password_change import PasswordForm, change_password
from idp.accounts.reset import set_new_password
from idp.accounts.reset_code import try_code
from idp.accounts.reset_request import request_reset
from idp.accounts.sessions import find_session
from tests.support.accounts_house import (
    ADMIN,
    EMAIL,
    FINESS,
    HOUR,
    NEW_PASSWORD,
    PASSWORD,
    SECOND,
    AccountsHouse,
)

THIEF = "voleur@fournisseur.example"


@pytest.fixture
def house() -> AccountsHouse:
    """A room whose practitioner has an account."""
    house = AccountsHouse()
    house.add_account()
    return house


def change_email(house: AccountsHouse, email: str = THIEF) -> str:
    """Ask for another address and confirm it; return the token that undoes it."""
    form = EmailForm(PASSWORD, NewEmail(email, email))
    request_email_change(house.visit(), form, account=house.account())
    confirm_email(house.visit(), house.last_mail("email_change_confirm").token)
    return house.last_mail("email_changed_undo").token


def test_undo_gives_the_old_address_back_and_freezes(house: AccountsHouse) -> None:
    """The old address is back; nobody signs in until an administrator reopens the account."""
    outcome = undo_email_change(house.visit(), change_email(house))
    assert outcome == EmailUndone(EMAIL)
    assert (house.account().email, house.account().state) == (EMAIL, AccountState.DISABLED)
    assert house.sign_in() == Failed(2)


def test_undo_ends_whatever_is_open(house: AccountsHouse) -> None:
    """Sessions, grants and known devices of whoever changed it end."""
    signed_in = house.sign_in()
    assert isinstance(signed_in, SignedIn)
    undo_email_change(house.visit(), change_email(house))
    assert find_session(house.visit(), signed_in.session_secret) is None
    assert house.uow.grants.revoked == [house.account().sub]
    assert house.uow.known_devices.kept == {}


def test_administrator_reopens_it(house: AccountsHouse) -> None:
    """Enabled again, the account is active under its old address."""
    undo_email_change(house.visit(), change_email(house))
    enable_account(house.visit(), FINESS)
    assert house.account().state is AccountState.ACTIVE
    assert (house.account().email, house.account().disabled_reason) == (EMAIL, None)


def test_reopened_account_is_entered_by_the_old_address_alone(house: AccountsHouse) -> None:
    """Whoever changed the address knew the password: it is forgotten, the owner sets a new one."""
    undo_email_change(house.visit(), change_email(house))
    enable_account(house.visit(), FINESS)
    assert house.sign_in() == Failed(2)
    request_reset(house.visit(), finess=FINESS, email=EMAIL)
    mail = house.last_mail("reset")
    try_code(house.visit(), mail.token, finess=FINESS, code=mail.secrets["code"])
    set_new_password(house.visit(), mail.token, NewPassword(NEW_PASSWORD, NEW_PASSWORD))
    assert isinstance(house.sign_in(NEW_PASSWORD), SignedIn)


def test_undo_is_good_for_72_hours(house: AccountsHouse) -> None:
    """A second before 72 hours it serves, at 72 it is expired."""
    token = change_email(house)
    house.now += 72 * HOUR
    assert undo_email_change(house.visit(), token) == LinkDead(LinkState.EXPIRED)
    house.now -= SECOND
    assert isinstance(undo_email_change(house.visit(), token), EmailUndone)


def test_undo_serves_once(house: AccountsHouse) -> None:
    """After the account was reopened the used link does nothing."""
    token = change_email(house)
    undo_email_change(house.visit(), token)
    enable_account(house.visit(), FINESS)
    assert undo_email_change(house.visit(), token) == LinkDead(LinkState.USED)
    assert house.account().state is AccountState.ACTIVE


@pytest.mark.parametrize("used", [0, 1])
def test_of_chained_changes_the_earliest_wins(house: AccountsHouse, used: int) -> None:
    """Whoever stole the account changed it twice: either link gives the first address back."""
    tokens = [change_email(house), change_email(house, "voleur2@fournisseur.example")]
    undo_email_change(house.visit(), tokens[used])
    assert house.account().email == EMAIL
    other = undo_email_change(house.visit(), tokens[1 - used])
    assert other == LinkDead(LinkState.REPLACED)


def test_undo_survives_a_change_of_password(house: AccountsHouse) -> None:
    """Who stole the account cannot kill the undo by changing the password too."""
    token = change_email(house)
    signed_in = house.sign_in()
    assert isinstance(signed_in, SignedIn)
    form = PasswordForm(PASSWORD, NewPassword(NEW_PASSWORD, NEW_PASSWORD))
    change_password(house.visit(), form, account=house.account(), session=signed_in.session)
    assert isinstance(undo_email_change(house.visit(), token), EmailUndone)


def test_administrators_are_told(house: AccountsHouse) -> None:
    """An undone change is an alarm."""
    undo_email_change(house.visit(), change_email(house))
    assert house.last_mail("alarm").to == ADMIN
    assert house.events("email.change_undone") == 1


def test_link_of_a_closed_account_is_dead(house: AccountsHouse) -> None:
    """A reclaimed account's links are dead."""
    token = change_email(house)
    reclaim_account(house.visit(), FINESS)
    assert undo_email_change(house.visit(), token) == LinkDead(LinkState.REPLACED)


def test_confirmation_link_undoes_nothing(house: AccountsHouse) -> None:
    """C61: a link of another purpose is just not valid."""
    change_email(house)
    token = house.last_mail("email_change_confirm").token
    assert undo_email_change(house.visit(), token) == LinkDead(None)


def test_link_used_at_the_same_moment_is_dead(house: AccountsHouse) -> None:
    """Who loses the race for a link learns that it was used."""
    token = change_email(house)
    house.uow.email_links.loses_races = True
    assert undo_email_change(house.visit(), token) == LinkDead(LinkState.USED)


def test_account_changed_at_the_same_moment_is_not_overwritten(house: AccountsHouse) -> None:
    """A change between reading and writing is an error, and nothing is written."""
    token = change_email(house)
    house.uow.accounts.loses_races = True
    with pytest.raises(AccountChangedError):
        undo_email_change(house.visit(), token)
    assert house.account().email == THIEF


def test_link_that_outlived_its_account_is_dead(house: AccountsHouse) -> None:
    """An undo of an account that is closed does nothing."""
    token = change_email(house)
    house.add_account(state=AccountState.CLOSED)
    assert undo_email_change(house.visit(), token) == LinkDead(LinkState.REPLACED)
