"""The one statement that counts an attempt and says whether it blocks.

`times` holds the last failures, newest first, each as thirteen digits of Unix milliseconds: text
that both databases can cut and compare. The window slides exactly: the attempt that makes `limit`
of them blocks when the earliest of these still lies within the window.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, case, func, or_
from sqlalchemy.sql.dml import ReturningInsert

from idp.store.columns import Moment
from idp.store.statements import NOW, insert
from idp.store.tables import attempts

DIGITS = 13

TIME = bindparam("time", type_=Text)
FIRST_BLOCK_ENDS_AT = bindparam("first_block_ends_at", type_=Moment)
LONG_WINDOW_STARTS_AT = bindparam("long_window_starts_at", type_=Moment)

IS_FREE = or_(attempts.c.blocked_until.is_(None), attempts.c.blocked_until <= NOW)
# A block that ended starts the count anew; only the total goes on until a success.
TIMES_THAT_COUNT = case((attempts.c.blocked_until.is_(None), attempts.c.times), else_="")
TOTAL_LASTS = attempts.c.total_since > LONG_WINDOW_STARTS_AT
NEW_TOTAL = case((TOTAL_LASTS, attempts.c.total + 1), else_=1)

FIRST_VALUES = {
    "key": bindparam("which"),
    "times": TIME,
    "total": 1,
    "total_since": NOW,
    "blocked_until": FIRST_BLOCK_ENDS_AT,
    "blocked_at": case((FIRST_BLOCK_ENDS_AT.is_not(None), NOW)),
    "expires_at": bindparam("expires_at", type_=Moment),
}


@lru_cache(maxsize=16)
def make_reservation(limit: int, *, blocks_each: bool) -> ReturningInsert[Any]:
    """Return the statement of a rule; no row comes back where the key is blocked.

    Parameters: `which` (the key), `time` and `window_starts` (thirteen digits), `long_limit`, and
    the moments `now`, `long_window_starts_at`, `block_ends_at`, `long_block_ends_at`, `expires_at`
    and `first_block_ends_at` (None but where a first attempt already blocks).
    """
    kept = func.substr(TIMES_THAT_COUNT, 1, DIGITS * (limit - 1))
    times = TIME + kept
    earliest = func.substr(times, DIGITS * (limit - 1) + 1, DIGITS)
    fills_window = earliest > bindparam("window_starts", type_=Text)
    block_end = _block_end(fills_window, blocks_each=blocks_each)
    return (
        insert(attempts)
        .values(FIRST_VALUES)
        .on_conflict_do_update(
            index_elements=[attempts.c.key],
            set_={
                "times": times,
                "total": NEW_TOTAL,
                "total_since": case((TOTAL_LASTS, attempts.c.total_since), else_=NOW),
                "blocked_until": block_end,
                "blocked_at": case((block_end.is_not(None), NOW)),
                "expires_at": bindparam("expires_at", type_=Moment),
            },
            where=IS_FREE,
        )
        .returning(attempts.c.times, attempts.c.total, attempts.c.blocked_until)
    )


def _block_end(fills_window: ColumnElement[bool], *, blocks_each: bool) -> ColumnElement[object]:
    fills_total = bindparam("long_limit") <= NEW_TOTAL
    is_long = fills_total if blocks_each else fills_total & fills_window
    return case(
        (is_long, bindparam("long_block_ends_at", type_=Moment)),
        (fills_window, bindparam("block_ends_at", type_=Moment)),
    )
