"""After a backup was restored: what was used since must not be good again (attack case C111).

The backup knows nothing of the codes, links and refresh tokens that were used after it was made,
nor of the sessions that ended. People, accounts, clients and consents stay; whatever is good for
one use, or opens something by itself, dies. These statements, run once in years, read whole tables.
"""

from datetime import datetime

from sqlalchemy import delete, select, update

from idp.audit_events import Event
from idp.outbound.ports import OutboxState
from idp.store.audit import AuditContext, SqlAuditTrail
from idp.store.columns import from_microseconds, to_microseconds
from idp.store.database import Database
from idp.store.grants import REVOKE_EVERY
from idp.store.outbox_queue import ERASED
from idp.store.statements import NOW, insert_or_replace
from idp.store.tables import (
    OUTBOX_WAITS,
    email_links,
    known_devices,
    meta,
    outbox,
    pushed_requests,
    registrations,
    resets,
    sessions,
)
from idp.store.transaction import Transaction

RESTORED_AT = "restored_at"

KILL = {
    "grants": REVOKE_EVERY,
    "sessions": update(sessions).where(sessions.c.ended_at.is_(None)).values(ended_at=NOW),
    **{
        table.name: update(table)
        .where(table.c.used_at.is_(None), table.c.replaced_at.is_(None))
        .values(replaced_at=NOW)
        for table in (registrations, resets, email_links)
    },
    "pushed_requests": delete(pushed_requests),
    "known_devices": delete(known_devices),
    # Either it was sent after the backup was made, or its link has just died.
    "outbox": update(outbox)
    .where(OUTBOX_WAITS)
    .values(
        state=OutboxState.DEAD,
        finished_at=NOW,
        last_error="restored from a backup",
        sealed_secrets=ERASED,
    ),
}
SAY = insert_or_replace(meta)
FIND = select(meta.c.value).where(meta.c.name == RESTORED_AT)


def mark_restored(database: Database, context: AuditContext) -> dict[str, int]:
    """Kill what a restored backup must not revive; return how many rows of each table.

    Raises:
        StoreUnavailableError: the database is away, and nothing was done.

    """
    now = context.clock.now()
    transaction = Transaction(database.engines)
    try:
        killed = {
            name: transaction.change(statement, {"now": now}).number
            for name, statement in KILL.items()
        }
        transaction.change(SAY, {"name": RESTORED_AT, "value": str(to_microseconds(now))})
        counts = {name: str(number) for name, number in killed.items()}
        SqlAuditTrail(transaction, context).record(Event.DATABASE_RESTORED, details=counts)
        transaction.commit()
    finally:
        transaction.close()
    return killed


def find_restored_at(database: Database) -> datetime | None:
    """Return when `mark_restored` last ran here, for `idp doctor` to tell; None if never."""
    transaction = Transaction(database.engines)
    try:
        row = transaction.read_one(FIND, {})
    finally:
        transaction.close()
    return None if row is None else from_microseconds(int(row.value))
