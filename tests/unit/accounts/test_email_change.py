"""Mon compte, change e-mail: asked with the password, confirmed from the new address."""

from dataclasses import replace

import pytest

from idp.accounts.account import AccountState
from idp.accounts.admin import disable_account
from idp.accounts.credentials import Invalid, NewEmail
from idp.accounts.email_change import (
    ConfirmationSent,
    EmailConfirmed,
    EmailForm,
    confirm_email,
    request_email_change,
)
from idp.accounts.email_links import find_email_link
from idp.accounts.errors import AccountChangedError
from idp.accounts.links import EmailLinkKind, LinkState
from idp.accounts.outcomes import Blocked, Failed, LinkDead, PasswordTooLong, TooManyMails
from idp.accounts.reset_code import look_at_reset
from idp.accounts.reset_request import request_reset
from tests.support.accounts_house import (
    DAY,
    EMAIL,
    FINESS,
    HOME,
    HOUR,
    PASSWORD,
    SECOND,
    AccountsHouse,
)

NEW_EMAIL = "camille@fournisseur.example"


@pytest.fixture
def house() -> AccountsHouse:
    """A room whose practitioner has an account."""
    house = AccountsHouse()
    house.add_account()
    return house


def ask(house: AccountsHouse, email: str = NEW_EMAIL, password: str = PASSWORD) -> object:
    """Ask for another address."""
    form = EmailForm(password, NewEmail(email, email))
    return request_email_change(house.visit(), form, account=house.account())


def test_link_goes_to_the_new_address_and_word_to_the_old(house: AccountsHouse) -> None:
    """A link to the new address confirms; the old one is told at the request."""
    assert ask(house) == ConfirmationSent(NEW_EMAIL)
    assert house.last_mail("email_change_confirm").to == NEW_EMAIL
    assert house.last_mail("email_change_notice").to == EMAIL
    assert house.account().email == EMAIL


def test_confirmation_mail_names_nobody(house: AccountsHouse) -> None:
    """It may reach a stranger: no FINESS number in it."""
    ask(house)
    assert house.last_mail("email_change_confirm").parameters == {}


def test_confirmation_changes_the_address(house: AccountsHouse) -> None:
    """The link's POST changes the address, verified from then on, on any device."""
    ask(house)
    token = house.last_mail("email_change_confirm").token
    phone = replace(HOME, flow="a phone")
    assert confirm_email(house.visit(phone), token) == EmailConfirmed(NEW_EMAIL)
    account = house.account()
    assert (account.email, account.email_verified_at) == (NEW_EMAIL, house.now)


def test_old_address_is_told_again_with_the_undo(house: AccountsHouse) -> None:
    """At the confirmation the old address gets the link that undoes it for 72 hours."""
    ask(house)
    confirm_email(house.visit(), house.last_mail("email_change_confirm").token)
    mail = house.last_mail("email_changed_undo")
    assert (mail.to, mail.expires_at) == (EMAIL, house.now + 72 * HOUR)


def test_c74_wrong_password_counts_as_a_failed_login(house: AccountsHouse) -> None:
    """C74: this form and the login share one counter."""
    assert ask(house, password="wrong") == Failed(2)
    house.fail(1)
    assert isinstance(ask(house, password="wrong"), Blocked)


def test_right_password_zeroes_the_count(house: AccountsHouse) -> None:
    """The right password given here is a success like a login's."""
    house.fail(2)
    ask(house)
    assert house.fail() == Failed(2)


@pytest.mark.parametrize(
    "email, confirmation, faults",
    [
        ("camille@", "camille@", {"email": ["shape"]}),
        (NEW_EMAIL, EMAIL, {"email_confirmation": ["different"]}),
        (EMAIL.upper(), EMAIL.upper(), {"email": ["unchanged"]}),
    ],
)
def test_faulty_address_is_refused_before_a_try_is_counted(
    house: AccountsHouse, email: str, confirmation: str, faults: dict[str, list[str]]
) -> None:
    """No address, two different ones, or the present one: said before the password is tried."""
    form = EmailForm("wrong", NewEmail(email, confirmation))
    outcome = request_email_change(house.visit(), form, account=house.account())
    assert isinstance(outcome, Invalid)
    assert {n: [v.code for v in found] for n, found in outcome.faults.items()} == faults
    assert house.uow.attempts.reserved == 0


def test_too_long_password_is_refused(house: AccountsHouse) -> None:
    """Over 25 characters nothing is counted or hashed."""
    assert ask(house, password="x" * 26) == PasswordTooLong()


def test_new_request_kills_the_link_of_the_earlier(house: AccountsHouse) -> None:
    """Asked twice, only the second link serves."""
    ask(house, "camile@fournisseur.example")
    first = house.last_mail("email_change_confirm").token
    ask(house)
    assert confirm_email(house.visit(), first) == LinkDead(LinkState.REPLACED)


def test_confirmation_is_good_for_24_hours_and_once(house: AccountsHouse) -> None:
    """Expired and used links say so; looking changes nothing."""
    ask(house)
    token = house.last_mail("email_change_confirm").token
    house.now += DAY - SECOND
    link = find_email_link(house.visit(), token, EmailLinkKind.CONFIRM)
    assert link
    assert link.state(house.now) is LinkState.USABLE
    house.now += SECOND
    assert confirm_email(house.visit(), token) == LinkDead(LinkState.EXPIRED)
    ask(house)
    token = house.last_mail("email_change_confirm").token
    confirm_email(house.visit(), token)
    assert confirm_email(house.visit(), token) == LinkDead(LinkState.USED)


def test_c61_undo_link_confirms_nothing(house: AccountsHouse) -> None:
    """C61: a link of another purpose, or none of ours, is just not valid."""
    ask(house)
    confirm_email(house.visit(), house.last_mail("email_change_confirm").token)
    undo = house.last_mail("email_changed_undo").token
    assert confirm_email(house.visit(), undo) == LinkDead(None)
    assert find_email_link(house.visit(), undo, EmailLinkKind.CONFIRM) is None
    assert confirm_email(house.visit(), "made up") == LinkDead(None)


def test_c87_reset_link_dies_with_the_change(house: AccountsHouse) -> None:
    """C87: a reset mailed to the old address is dead after the change."""
    request_reset(house.visit(), finess=FINESS, email=EMAIL)
    ask(house)
    confirm_email(house.visit(), house.last_mail("email_change_confirm").token)
    token = house.last_mail("reset").token
    assert look_at_reset(house.visit(), token) == LinkDead(LinkState.REPLACED)


def test_c87_confirmation_dies_with_the_account(house: AccountsHouse) -> None:
    """C87: a disabled account's address cannot be changed by a link mailed before."""
    ask(house)
    disable_account(house.visit(), FINESS, reason="fraud")
    token = house.last_mail("email_change_confirm").token
    assert confirm_email(house.visit(), token) == LinkDead(LinkState.REPLACED)


def test_three_confirmation_mails_an_hour(house: AccountsHouse) -> None:
    """Whoever is signed in cannot flood strangers with mail."""
    for _ in range(3):
        ask(house)
    assert ask(house) == TooManyMails(HOUR)
    assert len(house.mails("email_change_confirm")) == 3


def test_account_without_email_gets_its_first_address(house: AccountsHouse) -> None:
    """An account without address becomes active, and there is no old address to tell."""
    house.add_account(state=AccountState.WITHOUT_EMAIL, email=None)
    ask(house)
    confirm_email(house.visit(), house.last_mail("email_change_confirm").token)
    assert (house.account().state, house.account().email) == (AccountState.ACTIVE, NEW_EMAIL)
    assert house.mails("email_change_notice") == house.mails("email_changed_undo") == []


def test_link_used_at_the_same_moment_is_dead(house: AccountsHouse) -> None:
    """Who loses the race for a link learns that it was used."""
    ask(house)
    house.uow.email_links.loses_races = True
    token = house.last_mail("email_change_confirm").token
    assert confirm_email(house.visit(), token) == LinkDead(LinkState.USED)


def test_account_changed_at_the_same_moment_is_not_overwritten(house: AccountsHouse) -> None:
    """A change between reading and writing is an error, and nothing is written."""
    ask(house)
    house.uow.accounts.loses_races = True
    with pytest.raises(AccountChangedError):
        confirm_email(house.visit(), house.last_mail("email_change_confirm").token)
    assert house.account().email == EMAIL


def test_link_of_an_account_closed_otherwise_is_dead(house: AccountsHouse) -> None:
    """A link that outlived its account confirms nothing."""
    ask(house)
    house.add_account(state=AccountState.DISABLED)
    token = house.last_mail("email_change_confirm").token
    assert confirm_email(house.visit(), token) == LinkDead(LinkState.REPLACED)
