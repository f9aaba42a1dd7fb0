"""Numbers that an operator watches."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from idp.outbound.ports import OutboxDepth
from idp.store.engines import Engines
from idp.store.outbox_queue import SqlOutboxQueue
from idp.store.purge_rules import make_rules
from idp.store.sessions import IS_LIVE
from idp.store.statements import NOW
from idp.store.tables import attempts, sessions
from idp.store.transaction import Transaction

BACKLOG_COUNTED_TO = 10_000

LIVE_SESSIONS = select(func.count()).select_from(sessions).where(IS_LIVE)
BLOCKS = select(func.count()).select_from(attempts).where(attempts.c.blocked_until > NOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCounts:
    """`purge_backlog` counts at most 10 000 rows of each table."""

    live_sessions: int
    blocks: int
    outbox: OutboxDepth
    purge_backlog: int


def count_store(engines: Engines, now: datetime, *, audit_kept: timedelta) -> StoreCounts:
    """Count what lives, is blocked, waits to leave, or waits to be purged.

    Raises:
        StoreUnavailableError: the database is away.

    """
    transaction = Transaction(engines)
    try:
        backlog = [
            transaction.read_number(
                rule.count(), {**rule.values(now), "at_most": BACKLOG_COUNTED_TO}
            )
            for rule in make_rules(audit_kept)
        ]
        return StoreCounts(
            live_sessions=transaction.read_number(LIVE_SESSIONS, {"now": now}),
            blocks=transaction.read_number(BLOCKS, {"now": now}),
            outbox=SqlOutboxQueue(transaction).depth(now),
            purge_backlog=sum(backlog),
        )
    finally:
        transaction.close()
