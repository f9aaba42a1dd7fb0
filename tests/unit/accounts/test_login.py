"""Connexion: who is let in, with what, and what it leaves behind."""

import pytest

from idp.accounts.account import AccountState
from idp.accounts.errors import HashQueueFullError
from idp.accounts.hash_slots import HashSlots
from idp.accounts.login import SignedIn
from idp.accounts.outcomes import Blocked, Failed, PasswordTooLong
from idp.secret_values import digest
from tests.support.accounts_house import (
    DAY,
    FINESS,
    HOME,
    PASSWORD,
    UNKNOWN_FINESS,
    AccountsHouse,
)


def test_right_password_opens_a_session(house: AccountsHouse) -> None:
    """FINESS number and password open a session whose secret rests as a digest."""
    account = house.add_account()
    outcome = house.sign_in()
    assert isinstance(outcome, SignedIn)
    session = house.uow.sessions.find(digest(outcome.session_secret), house.now)
    assert session == outcome.session
    assert session.sub == account.sub


def test_password_typed_decomposed_is_the_same(house: AccountsHouse) -> None:
    """An accent typed as two characters signs in like one typed as one."""
    house.add_account(password="Vélo rouge, 3 freins")
    assert isinstance(house.sign_in("Ve\u0301lo rouge, 3 freins"), SignedIn)


def test_wrong_password_says_the_number_of_tries_left(house: AccountsHouse) -> None:
    """One failure text, with the number of tries left."""
    house.add_account()
    assert [house.fail(), house.fail()] == [Failed(2), Failed(1)]


@pytest.mark.parametrize(
    "columns",
    [
        {"state": AccountState.DISABLED},
        {"state": AccountState.CLOSED},
        {"password": None},
        {"finess": UNKNOWN_FINESS},
    ],
)
def test_c56_every_other_account_answers_like_a_wrong_password(
    house: AccountsHouse, columns: dict[str, object]
) -> None:
    """C56: disabled, closed, without password or unknown: the same outcome, and one hash."""
    house.add_account(**columns)  # type: ignore[arg-type]
    assert house.sign_in() == Failed(2)
    assert house.hasher.count == 1


def test_waiting_registration_answers_like_a_wrong_password(house: AccountsHouse) -> None:
    """C56: a registration whose link was not used yet signs nobody in."""
    house.register()
    house.hasher.count = 0
    assert house.sign_in() == Failed(2)
    assert house.hasher.count == 1


def test_account_without_email_signs_in_and_is_asked_for_one(house: AccountsHouse) -> None:
    """An account without e-mail may sign in; the next page asks for an address."""
    house.add_account(state=AccountState.WITHOUT_EMAIL, email=None)
    outcome = house.sign_in()
    assert isinstance(outcome, SignedIn)
    assert outcome.needs_email


def test_c97_too_long_password_is_refused_before_anything(house: AccountsHouse) -> None:
    """C97: over 25 characters nothing is looked up, counted or hashed."""
    house.add_account()
    assert house.sign_in("é" * 26) == PasswordTooLong()
    assert (house.hasher.count, house.uow.attempts.reserved, house.uow.ledger.commits) == (0, 0, 0)


def test_c100_weak_password_of_old_still_signs_in(house: AccountsHouse) -> None:
    """C100: what is refused for a new password is not refused at login."""
    house.add_account(password="Docteur75!")
    assert isinstance(house.sign_in("Docteur75!"), SignedIn)


def test_attempt_is_committed_before_the_hash(house: AccountsHouse) -> None:
    """Reserve and commit, verify, record and commit: no transaction is open during the hash."""
    house.add_account()
    house.sign_in()
    assert house.uow.ledger.commits == 2
    assert not house.uow.ledger.is_dirty


def test_no_free_slot_reserves_nothing(house: AccountsHouse) -> None:
    """Where no hash slot is free, nothing was reserved: the tries left are what they were."""
    house.add_account()
    house.hasher.slots = HashSlots(1, queue_limit=0, patience=DAY)
    with house.hasher.slots.take(), pytest.raises(HashQueueFullError) as raised:
        house.sign_in()
    assert house.uow.attempts.reserved == 0
    assert raised.value.retry_after == DAY


def test_slot_is_given_back_whatever_happens(house: AccountsHouse) -> None:
    """Success, failure and block all leave the slots as they were."""
    house.add_account()
    house.sign_in()
    house.fail(4)
    assert (house.slots.held, house.slots.waiting) == (0, 0)


def test_login_names_the_request_it_was_for(house: AccountsHouse) -> None:
    """The session remembers which authorization request its login satisfied."""
    house.add_account()
    outcome = house.sign_in(request_id="request 1")
    assert isinstance(outcome, SignedIn)
    assert outcome.session.login_request_id == "request 1"


def test_password_changed_while_it_was_checked_fails(house: AccountsHouse) -> None:
    """A reset that completes during the hash wins: the old password opens nothing."""
    house.add_account()
    house.uow.accounts.loses_races = True
    assert house.sign_in() == Failed(2)
    assert house.uow.sessions.kept == {}
    assert house.fail() == Failed(1)


def test_login_and_failure_are_in_the_trail(house: AccountsHouse) -> None:
    """Each login and each failure is an audit event."""
    house.add_account()
    house.fail()
    house.sign_in()
    assert (house.events("login.failed"), house.events("login.succeeded")) == (1, 1)


def test_old_password_is_suggested_to_be_changed_once_a_week(house: AccountsHouse) -> None:
    """90 days after the last change the page after login suggests a new password, weekly."""
    house.add_account()
    suggested = []
    for day in (89, 90, 91, 96, 97):
        house.now = house.account().created_at + day * DAY
        outcome = house.sign_in()
        assert isinstance(outcome, SignedIn)
        suggested.append(outcome.suggests_new_password)
    assert suggested == [False, True, False, False, True]


def test_password_age_zero_never_suggests() -> None:
    """The setting 0 means never."""
    house = AccountsHouse(password_renewal=0 * DAY)
    house.add_account()
    house.now += 1000 * DAY
    outcome = house.sign_in()
    assert isinstance(outcome, SignedIn)
    assert not outcome.suggests_new_password


def test_shared_computer_gets_no_device_cookie_and_a_short_session(house: AccountsHouse) -> None:
    """Poste partagé: no device cookie, and 20 minutes idle."""
    house.add_account()
    outcome = house.sign_in(is_shared_computer=True)
    assert isinstance(outcome, SignedIn)
    assert outcome.device_secret is None
    assert outcome.session.idle_expires_at - house.now == house.tools.policy.shared_idle_lifetime


def test_blocked_page_says_until_when(house: AccountsHouse) -> None:
    """The third failure blocks, and the outcome says until when."""
    house.add_account()
    assert house.fail(3) == Blocked(house.now + house.tools.policy.stranger_rule.block)
    assert house.sign_in(PASSWORD, finess=FINESS, browser=HOME) == house.fail()
