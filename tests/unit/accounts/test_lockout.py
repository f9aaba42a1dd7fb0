"""Three failures in a row block for two hours: C58, C69, C72, C73, and who is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from idp.accounts.account import AccountState
from idp.accounts.login import SignedIn
from idp.accounts.outcomes import Blocked, Failed
from tests.support.accounts_house import (
    ADMIN,
    DAY,
    EMAIL,
    FINESS,
    HOUR,
    MINUTE,
    PASSWORD,
    SECOND,
    UNKNOWN_FINESS,
    AccountsHouse,
)


def test_third_failure_blocks_for_two_hours(house: AccountsHouse) -> None:
    """Three failures in a row block access for two hours, from the third."""
    house.add_account()
    assert house.fail(2) == Failed(1)
    assert house.fail() == Blocked(house.now + 2 * HOUR)


def test_c72_right_password_is_refused_while_blocked(house: AccountsHouse) -> None:
    """C72: while blocked even the right password gets the same answer, and is not hashed."""
    house.add_account()
    blocked = house.fail(3)
    house.hasher.count = 0
    assert house.sign_in() == blocked == house.fail()
    assert house.hasher.count == 0


def test_c72_trying_does_not_prolong_the_block(house: AccountsHouse) -> None:
    """C72: attempts during a block leave its end where it was."""
    house.add_account()
    blocked = house.fail(3)
    house.now += HOUR
    assert house.fail(5) == blocked


@pytest.mark.parametrize("early", [timedelta(0), SECOND])
def test_c72_block_ends_after_exactly_two_hours(house: AccountsHouse, early: timedelta) -> None:
    """C72: a second before two hours are over it holds, at two hours it is over."""
    house.add_account()
    house.fail(3)
    house.now += 2 * HOUR - early
    assert isinstance(house.sign_in(), Blocked if early else SignedIn)


def test_end_of_the_block_starts_the_count_anew(house: AccountsHouse) -> None:
    """After a block, three more failures are needed for the next."""
    house.add_account()
    house.fail(3)
    house.now += 2 * HOUR
    assert house.fail() == Failed(2)


def test_c73_success_zeroes_the_count(house: AccountsHouse) -> None:
    """C73: two failures, a success and two failures do not block."""
    house.add_account()
    house.fail(2)
    house.sign_in()
    assert house.fail(2) == Failed(1)


def test_c73_old_failures_do_not_count(house: AccountsHouse) -> None:
    """C73: failures over two hours old do not add up with new ones."""
    house.add_account()
    house.fail(2)
    house.now += 2 * HOUR + SECOND
    assert house.fail() == Failed(2)


def test_c58_unknown_number_counts_and_blocks_alike(house: AccountsHouse) -> None:
    """C58: an unknown number gets the same outcomes, commits and hashes as a known one."""
    house.add_account()
    seen = []
    for finess in (FINESS, UNKNOWN_FINESS):
        house.hasher.count, house.uow.ledger.commits = 0, 0
        outcomes = [house.fail(finess=finess) for _ in range(4)]
        seen.append((outcomes, house.hasher.count, house.uow.ledger.commits))
    assert seen[0] == seen[1]


def test_c57_block_of_an_unknown_number_writes_as_much(house: AccountsHouse) -> None:
    """C57: the failure that blocks queues a mail for any number, known or not."""
    house.add_account()
    house.fail(3)
    house.fail(3, finess=UNKNOWN_FINESS)
    assert [mail.to for mail in house.uow.outbox.queued] == [EMAIL, ""]


def test_counter_keys_name_nobody(house: AccountsHouse) -> None:
    """A dump of the counters holds no FINESS number, no network, no device."""
    house.add_account()
    house.fail()
    keys = [*house.uow.attempts.kept, *house.uow.attempts.budgets]
    assert [key for key in keys if FINESS in key or "192.0.2" in key] == []


def test_c69_no_more_than_three_reach_the_hash(house: AccountsHouse) -> None:
    """C69: of 40 parallel wrong guesses exactly three are hashed, and the number is blocked."""
    house.add_account()
    with ThreadPoolExecutor(40) as pool:
        outcomes = list(pool.map(lambda _: house.fail(), range(40)))
    assert house.hasher.count == 3
    assert sum(isinstance(outcome, Failed) for outcome in outcomes) == 2
    assert isinstance(house.sign_in(), Blocked)


def test_owner_is_told_of_a_block_with_its_time_and_end(house: AccountsHouse) -> None:
    """When an account gets blocked its owner is told by mail: when, and until when."""
    house.add_account()
    house.fail(3)
    mail = house.last_mail("account_blocked")
    assert mail.to == EMAIL
    assert mail.parameters["at"] == house.now.isoformat()
    assert mail.parameters["blocked_until"] == (house.now + 2 * HOUR).isoformat()


def test_block_mails_are_one_a_day(house: AccountsHouse) -> None:
    """However often a number is blocked in a day, its owner gets one mail."""
    house.add_account()
    for _ in range(3):
        house.fail(3)
        house.now += 2 * HOUR
    assert len(house.mails("account_blocked")) == 1
    house.now += DAY
    house.fail(3)
    assert len(house.mails("account_blocked")) == 2


def test_owner_of_a_disabled_account_is_not_mailed(house: AccountsHouse) -> None:
    """Blocking the number of a disabled account mails nobody."""
    house.add_account(state=AccountState.DISABLED)
    house.fail(3)
    assert house.mails("account_blocked") == []


def block_again_and_again(house: AccountsHouse, failures: int) -> None:
    """Fail so often, waiting out each block."""
    for _ in range(failures):
        if isinstance(house.fail(), Blocked):
            house.now += 2 * HOUR


def test_50_failures_raise_the_alarm_once(house: AccountsHouse) -> None:
    """50 stranger failures without a success raise one alarm, mailed to the administrators."""
    house.add_account()
    block_again_and_again(house, 49)
    assert house.events("alarm.raised") == 0
    block_again_and_again(house, 3)
    assert house.events("alarm.raised") == 1
    assert [mail.to for mail in house.mails("alarm")] == [ADMIN]


def test_past_50_failures_strangers_are_blocked_for_a_day(house: AccountsHouse) -> None:
    """From the 50th failure on, strangers' blocks last 24 hours: long, never for good."""
    house.add_account()
    block_again_and_again(house, 50)
    assert house.fail() == Blocked(house.now + 24 * HOUR)
    house.now += 24 * HOUR
    assert isinstance(house.sign_in(), SignedIn)


def test_failures_over_thirty_days_old_leave_the_long_count(house: AccountsHouse) -> None:
    """The 50 failures are counted within thirty days."""
    house.add_account()
    block_again_and_again(house, 48)
    house.now += 30 * DAY
    block_again_and_again(house, 2)
    assert house.fail() == Blocked(house.now + 2 * HOUR)


def test_success_zeroes_the_long_count(house: AccountsHouse) -> None:
    """A success starts the count of 50 anew."""
    house.add_account()
    block_again_and_again(house, 48)
    house.sign_in()
    block_again_and_again(house, 6)
    assert house.events("alarm.raised") == 0


def test_blocking_one_number_leaves_the_others(house: AccountsHouse) -> None:
    """A counter is one number's."""
    house.add_account()
    house.fail(3, finess=UNKNOWN_FINESS)
    house.now += MINUTE
    assert isinstance(house.sign_in(PASSWORD), SignedIn)
