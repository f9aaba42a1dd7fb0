"""What is past its time goes, in small batches that each commit by themselves.

A batch locks its few rows alone, and for as long as they take: readers and writers hardly notice a
purge, however much there is to do, and two purges at once share the work.
"""

from datetime import datetime, timedelta
from time import sleep

from idp.store.columns import to_microseconds
from idp.store.engines import Engines
from idp.store.outbox_queue import SqlOutboxQueue
from idp.store.purge_rules import PurgeRule, make_rules
from idp.store.statements import insert_or_replace
from idp.store.tables import meta
from idp.store.transaction import Transaction

# Between two batches, so that the writers who wait for SQLite's only one get their turn.
PAUSE_SECONDS = 0.01

SAY = insert_or_replace(meta)


def purge_expired(
    engines: Engines, now: datetime, *, audit_kept: timedelta, batch: int
) -> dict[str, int]:
    """Delete what is past its time; return how many rows of each table went.

    What waits in the outbox past its end is given up first. `batch` is the most rows that one
    statement deletes.

    Raises:
        StoreUnavailableError: the database is away; what was purged so far stays purged.

    """
    transaction = Transaction(engines)
    try:
        SqlOutboxQueue(transaction).bury_expired(now)
        _allow_audit_purge(transaction, now - audit_kept)
        return {
            rule.table.name: _purge_table(transaction, rule, {**rule.values(now), "batch": batch})
            for rule in make_rules(audit_kept)
        }
    finally:
        transaction.close()


def _allow_audit_purge(transaction: Transaction, before: datetime) -> None:
    """Events from then on stay under the protection of the database itself (see migrations)."""
    kept_from = str(to_microseconds(before))
    transaction.change_alone(SAY, {"name": "audit_kept_from", "value": kept_from})


def _purge_table(transaction: Transaction, rule: PurgeRule, values: dict[str, object]) -> int:
    statement = rule.delete_batch()
    total = deleted = transaction.change_alone(statement, values).number
    while deleted == values["batch"]:
        sleep(PAUSE_SECONDS)
        deleted = transaction.change_alone(statement, values).number
        total += deleted
    return total
