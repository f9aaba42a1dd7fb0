"""Sessions: 30 minutes idle, 12 hours absolute, a new secret at every login. C41, C46."""

from idp.accounts.login import SignedIn
from idp.accounts.session import Session
from idp.accounts.sessions import end_all_sessions, end_session, find_session
from idp.secret_values import digest
from tests.support.accounts_house import HOUR, MINUTE, SECOND, UNKNOWN_FINESS, AccountsHouse


def sign_in(
    house: AccountsHouse, *, current: Session | None = None, is_shared_computer: bool = False
) -> SignedIn:
    """Sign in, which must succeed."""
    outcome = house.sign_in(current_session=current, is_shared_computer=is_shared_computer)
    assert isinstance(outcome, SignedIn)
    return outcome


def test_c46_session_ends_after_thirty_idle_minutes(house: AccountsHouse) -> None:
    """C46: a second before 30 idle minutes it lives, at 30 it is over."""
    house.add_account()
    secret = sign_in(house).session_secret
    house.now += 30 * MINUTE - SECOND
    assert house.uow.sessions.find(digest(secret), house.now)
    house.now += SECOND
    assert find_session(house.visit(), secret) is None


def test_c46_use_pushes_the_idle_end(house: AccountsHouse) -> None:
    """C46: a session that is used goes on past 30 minutes."""
    house.add_account()
    secret = sign_in(house).session_secret
    for _ in range(5):
        house.now += 20 * MINUTE
        assert find_session(house.visit(), secret)


def test_c46_use_never_pushes_past_twelve_hours(house: AccountsHouse) -> None:
    """C46: however much it is used, a session ends 12 hours after its login."""
    house.add_account()
    signed_in = sign_in(house)
    end = house.now + 12 * HOUR
    while house.now < end - MINUTE:
        assert find_session(house.visit(), signed_in.session_secret)
        house.now += 20 * MINUTE
    house.now = end
    assert find_session(house.visit(), signed_in.session_secret) is None


def test_session_is_touched_once_a_minute_at_most(house: AccountsHouse) -> None:
    """Reading a session within a minute of its last use writes nothing."""
    house.add_account()
    secret = sign_in(house).session_secret
    house.now += MINUTE - SECOND
    find_session(house.visit(), secret)
    assert not house.uow.ledger.is_dirty
    house.now += SECOND
    find_session(house.visit(), secret)
    assert house.uow.ledger.is_dirty


def test_shared_computer_s_session_is_pushed_by_twenty_minutes(house: AccountsHouse) -> None:
    """Poste partagé: 20 minutes idle, also after use."""
    house.add_account()
    secret = sign_in(house, is_shared_computer=True).session_secret
    house.now += 10 * MINUTE
    find_session(house.visit(), secret)
    house.now += 20 * MINUTE
    assert find_session(house.visit(), secret) is None


def test_c41_each_login_has_a_new_secret_and_kills_the_old(house: AccountsHouse) -> None:
    """C41: signing in again in the same browser leaves the old cookie worth nothing."""
    house.add_account()
    first = sign_in(house)
    second = sign_in(house, current=first.session)
    assert find_session(house.visit(), first.session_secret) is None
    assert find_session(house.visit(), second.session_secret)


def test_signing_in_again_keeps_the_sid(house: AccountsHouse) -> None:
    """The owner who signs in again stays signed in at the other sites: same `sid`."""
    house.add_account()
    first = sign_in(house)
    house.now += MINUTE
    second = sign_in(house, current=first.session)
    assert second.session.sid == first.session.sid
    assert second.session.authenticated_at == house.now


def test_somebody_else_signing_in_ends_the_session(house: AccountsHouse) -> None:
    """Another practitioner at the same browser gets a session of their own; the first's ends."""
    house.add_account()
    house.add_account(UNKNOWN_FINESS)
    first = sign_in(house)
    second = house.sign_in(finess=UNKNOWN_FINESS, current_session=first.session)
    assert isinstance(second, SignedIn)
    assert second.session.sid != first.session.sid
    assert house.uow.sessions.kept[first.session.sid].ended_at == house.now


def test_session_that_ended_meanwhile_is_not_revived(house: AccountsHouse) -> None:
    """Signing in over a session that just ended opens a new one."""
    house.add_account()
    first = sign_in(house)
    house.uow.sessions.end(first.session.sid, house.now)
    second = sign_in(house, current=first.session)
    assert second.session.sid != first.session.sid


def test_one_s_own_session_can_be_ended(house: AccountsHouse) -> None:
    """Mon compte: a session elsewhere can be ended, once."""
    account = house.add_account()
    elsewhere = sign_in(house)
    assert end_session(house.visit(), account, elsewhere.session.sid)
    assert not end_session(house.visit(), account, elsewhere.session.sid)
    assert find_session(house.visit(), elsewhere.session_secret) is None


def test_somebody_else_s_session_cannot_be_ended(house: AccountsHouse) -> None:
    """Mon compte: the `sid` of another account's session ends nothing."""
    account = house.add_account()
    house.add_account(UNKNOWN_FINESS)
    other = house.sign_in(finess=UNKNOWN_FINESS)
    assert isinstance(other, SignedIn)
    assert not end_session(house.visit(), account, other.session.sid)
    assert find_session(house.visit(), other.session_secret)


def test_signing_out_everywhere_ends_all_and_revokes(house: AccountsHouse) -> None:
    """Mon compte: every session ends, this one too, and every grant is revoked."""
    account = house.add_account()
    sign_in(house)
    sign_in(house)
    assert end_all_sessions(house.visit(), account) == 2
    assert house.uow.grants.revoked == [account.sub]
    assert not house.uow.ledger.is_dirty
