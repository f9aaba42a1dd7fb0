"""Counters of attempts and budgets of failures, each counted by one statement."""

from datetime import datetime

from sqlalchemy import bindparam, case, delete, func, or_, select

from idp.accounts.attempts import Attempt, AttemptRule, Budget
from idp.store.attempt_statements import DIGITS, make_reservation
from idp.store.columns import Moment, to_microseconds
from idp.store.statements import NOW, insert
from idp.store.tables import attempts, budgets
from idp.store.transaction import Transaction

THIS_KEY = attempts.c.key == bindparam("which")

BLOCKED_UNTIL = select(attempts.c.blocked_until).where(THIS_KEY, attempts.c.blocked_until > NOW)
CLEAR = delete(attempts).where(THIS_KEY)
CLEAR_ALL_SINCE = delete(attempts).where(
    attempts.c.blocked_until.is_not(None),
    attempts.c.blocked_at > bindparam("since"),
    func.substr(attempts.c.key, 1, func.length(bindparam("prefix"))) == bindparam("prefix"),
)

BLOCK_END = bindparam("block_ends_at", type_=Moment)
BLOCK = insert(attempts).values(
    key=bindparam("which"),
    times="",
    total=0,
    total_since=NOW,
    blocked_until=BLOCK_END,
    blocked_at=NOW,
    expires_at=BLOCK_END,
)
BLOCK = BLOCK.on_conflict_do_update(
    index_elements=[attempts.c.key],
    set_={
        "blocked_until": BLOCK_END,
        "blocked_at": NOW,
        "expires_at": case(
            (attempts.c.expires_at < BLOCK_END, BLOCK_END), else_=attempts.c.expires_at
        ),
    },
    where=or_(attempts.c.blocked_until.is_(None), attempts.c.blocked_until < BLOCK_END),
)

WINDOW_IS_OVER = budgets.c.window_ends_at <= NOW
SPEND = (
    insert(budgets)
    .values(key=bindparam("which"), spent=1, window_ends_at=bindparam("window_ends_at"))
    .on_conflict_do_update(
        index_elements=[budgets.c.key],
        set_={
            "spent": case((WINDOW_IS_OVER, 1), else_=budgets.c.spent + 1),
            "window_ends_at": case(
                (WINDOW_IS_OVER, bindparam("window_ends_at", type_=Moment)),
                else_=budgets.c.window_ends_at,
            ),
        },
    )
    .returning(budgets.c.spent)
)
SPENT = select(budgets.c.spent).where(
    budgets.c.key == bindparam("which"), budgets.c.window_ends_at > NOW
)


class SqlAttempts:
    """Implements `idp.accounts.ports.Attempts`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def reserve(self, key: str, rule: AttemptRule, now: datetime) -> Attempt | None:
        """Count an attempt in one statement, or return None where the key is blocked."""
        statement = make_reservation(rule.limit, blocks_each=rule.blocks_each)
        changed = self._transaction.change_alone(statement, _reserve_values(key, rule, now))
        if not changed.rows:
            return None
        row = changed.rows[0]
        number = _count_within(row.times, _to_digits(now - rule.window))
        return Attempt(number=number, total=row.total, blocked_until=row.blocked_until)

    def blocked_until(self, key: str, now: datetime) -> datetime | None:
        """Return when the block of this key ends, None where there is none."""
        row = self._transaction.read_one(BLOCKED_UNTIL, {"which": key, "now": now})
        return None if row is None else row.blocked_until

    def clear(self, key: str) -> None:
        """Forget every failure and block of this key."""
        self._transaction.change_later(CLEAR, {"which": key})

    def block(self, key: str, until: datetime, now: datetime) -> None:
        """Block the key until then, unless it is blocked for longer; its counts stay."""
        self._transaction.change_later(BLOCK, {"which": key, "block_ends_at": until, "now": now})

    def clear_all_since(self, key_prefix: str, since: datetime) -> int:
        """Lift every block that began after `since`; return how many."""
        values = {"prefix": key_prefix, "since": since}
        return self._transaction.change(CLEAR_ALL_SINCE, values).number

    def spend(self, key: str, budget: Budget, now: datetime) -> int:
        """Add one failure to a budget in one statement; return how many its period has now."""
        values = {"which": key, "window_ends_at": now + budget.window, "now": now}
        return int(self._transaction.change_alone(SPEND, values).rows[0].spent)

    def spent(self, key: str, now: datetime) -> int:
        """Return how many failures the current period of a budget has."""
        row = self._transaction.read_one(SPENT, {"which": key, "now": now})
        return 0 if row is None else int(row.spent)


def _reserve_values(key: str, rule: AttemptRule, now: datetime) -> dict[str, object]:
    block_ends_at, long_block_ends_at = now + rule.block, now + rule.long_block
    is_long_at_once = rule.long_limit <= 1 and (rule.blocks_each or rule.limit <= 1)
    first_block_ends_at = block_ends_at if rule.limit <= 1 else None
    return {
        "which": key,
        "now": now,
        "time": _to_digits(now),
        "window_starts": _to_digits(now - rule.window),
        "long_window_starts_at": now - rule.long_window,
        "long_limit": rule.long_limit,
        "block_ends_at": block_ends_at,
        "long_block_ends_at": long_block_ends_at,
        "first_block_ends_at": long_block_ends_at if is_long_at_once else first_block_ends_at,
        "expires_at": now + max(rule.window, rule.block, rule.long_window, rule.long_block),
    }


def _to_digits(moment: datetime) -> str:
    return f"{to_microseconds(moment) // 1000:0{DIGITS}d}"


def _count_within(times: str, window_starts: str) -> int:
    starts = range(0, len(times), DIGITS)
    return sum(times[start : start + DIGITS] > window_starts for start in starts)
