"""Attempts and budgets: the exact sliding window, blocks, long blocks, fixed windows."""

from datetime import timedelta

import pytest

from idp.accounts.attempts import Attempt, AttemptRule
from idp.store.unit_of_work import SqlUnitOfWork
from tests.integration.store.samples import BUDGET, NOW, RULE, after

TWO_HOURS = timedelta(hours=2)
PROOF_RULE = AttemptRule(
    limit=3,
    window=TWO_HOURS,
    block=TWO_HOURS,
    long_limit=4,
    long_window=timedelta(days=3650),
    long_block=timedelta(hours=24),
    blocks_each=True,
)


def reserve_at(
    unit: SqlUnitOfWork, *hours: float, rule: AttemptRule = RULE
) -> list[Attempt | None]:
    """Reserve an attempt at each of these hours after NOW."""
    return [unit.attempts.reserve("login", rule, after(hours=hour)) for hour in hours]


def numbers(attempts: list[Attempt | None]) -> list[int | None]:
    """Return which failure of its window each attempt was; None where it was refused."""
    return [attempt.number if attempt else None for attempt in attempts]


def test_the_third_failure_blocks_for_two_hours(unit: SqlUnitOfWork) -> None:
    """From the third, and trying while blocked does not prolong the block."""
    attempts = reserve_at(unit, 0, 0.5, 1, 1.5, 2.9)
    assert numbers(attempts) == [1, 2, 3, None, None]
    assert attempts[2] == Attempt(number=3, total=3, blocked_until=after(hours=3))
    assert unit.attempts.blocked_until("login", after(hours=2.9)) == after(hours=3)


def test_failures_before_the_window_do_not_count(unit: SqlUnitOfWork) -> None:
    """The window slides with each failure: it is no fixed period."""
    attempts = reserve_at(unit, 0, 1.5, 2.5, 3.2)
    assert numbers(attempts) == [1, 2, 2, 3]
    assert attempts[3]
    assert attempts[3].blocked_until == after(hours=5.2)


def test_the_count_starts_anew_when_a_block_ends(unit: SqlUnitOfWork) -> None:
    """Even where the failures before it still lie within the window; the total goes on."""
    attempts = reserve_at(unit, 0, 0, 0, 2)
    assert attempts[3] == Attempt(number=1, total=4, blocked_until=None)
    assert unit.attempts.blocked_until("login", after(hours=2)) is None


def test_blocks_are_long_once_the_total_is_high(unit: SqlUnitOfWork) -> None:
    """The failures since the last success are counted over thirty days."""
    attempts = reserve_at(unit, 0, 0, 0, 10, 10, 10, 20, 20, 20)
    assert attempts[5] == Attempt(number=3, total=6, blocked_until=after(hours=12))
    assert attempts[8] == Attempt(number=3, total=9, blocked_until=after(hours=44))


def test_a_total_that_is_too_old_starts_anew(unit: SqlUnitOfWork) -> None:
    """Thirty days after its first failure."""
    attempts = reserve_at(unit, 0, 1, 24 * 30)
    assert attempts[2] == Attempt(number=1, total=1, blocked_until=None)


def test_where_each_blocks_one_try_is_left_a_day(unit: SqlUnitOfWork) -> None:
    """After nine failed proofs of the IBAN (four here) one try a day, never none."""
    attempts = reserve_at(unit, 0, 0, 0, 2, 25, 26, rule=PROOF_RULE)
    assert attempts[3] == Attempt(number=1, total=4, blocked_until=after(hours=26))
    assert attempts[4] is None
    assert attempts[5] == Attempt(number=1, total=5, blocked_until=after(hours=50))


def test_a_limit_of_one_blocks_at_once(unit: SqlUnitOfWork) -> None:
    """The first failure is the last."""
    rule = AttemptRule(
        limit=1,
        window=TWO_HOURS,
        block=TWO_HOURS,
        long_limit=2,
        long_window=TWO_HOURS,
        long_block=timedelta(hours=5),
    )
    attempts = reserve_at(unit, 0, 1, 2.5, rule=rule)
    assert attempts[0] == Attempt(number=1, total=1, blocked_until=after(hours=2))
    assert attempts[1] is None


def test_a_success_forgets_everything(unit: SqlUnitOfWork) -> None:
    """Counts, total and block."""
    reserve_at(unit, 0, 0, 0)
    unit.attempts.clear("login")
    assert unit.attempts.blocked_until("login", NOW) is None
    assert reserve_at(unit, 0) == [Attempt(number=1, total=1, blocked_until=None)]


def test_keys_do_not_mix(unit: SqlUnitOfWork) -> None:
    """One number's failures are its own."""
    reserve_at(unit, 0, 0, 0)
    assert unit.attempts.blocked_until("another", NOW) is None


def test_a_reserved_attempt_outlives_a_rollback(unit: SqlUnitOfWork) -> None:
    """Nothing that fails later in a request gives a guess back."""
    reserve_at(unit, 0)
    unit.rollback()
    assert numbers(reserve_at(unit, 0)) == [2]


def test_a_key_can_be_blocked_by_hand(unit: SqlUnitOfWork) -> None:
    """A known device's failures block strangers too; the counts stay."""
    reserve_at(unit, 0, rule=RULE)
    unit.attempts.block("login", after(hours=2), NOW)
    assert unit.attempts.blocked_until("login", NOW) == after(hours=2)
    assert reserve_at(unit, 1, 2) == [None, Attempt(number=1, total=2, blocked_until=None)]


def test_a_key_never_seen_can_be_blocked(unit: SqlUnitOfWork) -> None:
    """With no failure counted."""
    unit.attempts.block("login", after(hours=2), NOW)
    assert reserve_at(unit, 1, 2) == [None, Attempt(number=1, total=1, blocked_until=None)]


def test_a_longer_block_is_not_cut(unit: SqlUnitOfWork) -> None:
    """The later end holds."""
    unit.attempts.block("login", after(hours=5), NOW)
    unit.attempts.block("login", after(hours=2), NOW)
    assert unit.attempts.blocked_until("login", NOW) == after(hours=5)


def test_blocks_that_began_since_are_lifted_by_prefix(unit: SqlUnitOfWork) -> None:
    """Blocks from before, and of other purposes, stay."""
    unit.attempts.block("login:old", after(hours=9), after(hours=-1))
    unit.attempts.block("login:new", after(hours=9), after(hours=1))
    unit.attempts.block("proof:new", after(hours=9), after(hours=1))
    assert unit.attempts.clear_all_since("login:", NOW) == 1
    blocked = {
        key: unit.attempts.blocked_until(key, after(hours=2)) is not None
        for key in ("login:old", "login:new", "proof:new")
    }
    assert blocked == {"login:old": True, "login:new": False, "proof:new": True}


def test_a_budget_counts_within_its_period(unit: SqlUnitOfWork) -> None:
    """Then starts anew."""
    spent = [unit.attempts.spend("net", BUDGET, after(minutes=minute)) for minute in (0, 59, 60)]
    assert spent == [1, 2, 1]


@pytest.mark.parametrize("minutes, spent", [(59, 1), (60, 0)])
def test_a_budget_can_be_read(unit: SqlUnitOfWork, minutes: int, spent: int) -> None:
    """Nothing is left of it when its period is over."""
    unit.attempts.spend("net", BUDGET, NOW)
    assert unit.attempts.spent("net", after(minutes=minutes)) == spent


def test_a_proof_is_good_for_one_use(unit: SqlUnitOfWork) -> None:
    """The second one is told so."""
    uses = [unit.proofs.consume("proof", expires_at=after(minutes=15)) for _ in range(2)]
    assert uses == [True, False]
