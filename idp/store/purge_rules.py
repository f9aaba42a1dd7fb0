"""For each table, which indexed column says when a row may go."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Delete, Select, Table, bindparam, delete, func, select, tuple_

from idp.store import tables
from idp.store.columns import Moment

AT_ONCE = timedelta()
# Whoever holds a real link may learn for a month what became of it.
LINKS_KEPT = timedelta(days=30)
# Its pushed request, and that it was answered, are asked for as long as a sealed request lives: a
# day at most (`idp.settings.faults`).
LONGER_THAN_A_SEALED_REQUEST = timedelta(hours=25)
# The clocks of clients run apart by a minute or so.
ASSERTIONS_KEPT = timedelta(minutes=5)
OUTBOX_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeRule:
    """Rows of a table go once the column is `kept` in the past."""

    table: Table
    column: str
    kept: timedelta

    def values(self, now: datetime) -> dict[str, object]:
        """Return the parameters of both statements."""
        return {"before": now - self.kept}

    def delete_batch(self) -> Delete:
        """Delete at most `:batch` rows, none that another purge is at.

        Chosen apart: within IN, PostgreSQL may choose anew for each row, and pass over the limit.
        """
        key = list(self.table.primary_key.columns)
        doomed = (
            select(*key)
            .where(self._is_over())
            .limit(bindparam("batch"))
            .with_for_update(skip_locked=True)
            .cte("doomed", nesting=True)
        )
        return delete(self.table).where(tuple_(*key).in_(select(*doomed.c)))

    def count(self) -> Select[int]:
        """Count the rows that may go, up to `:at_most`."""
        key = list(self.table.primary_key.columns)
        over = select(*key).where(self._is_over()).limit(bindparam("at_most")).subquery()
        return select(func.count()).select_from(over)

    def _is_over(self) -> ColumnElement[bool]:
        return self.table.columns[self.column] < bindparam("before", type_=Moment)


def make_rules(audit_kept: timedelta) -> tuple[PurgeRule, ...]:
    """Return every rule; audit events are kept for as long as the settings say."""
    kept_after = (
        (tables.registrations, "expires_at", LINKS_KEPT),
        (tables.resets, "expires_at", LINKS_KEPT),
        (tables.email_links, "expires_at", LINKS_KEPT),
        (tables.attempts, "expires_at", AT_ONCE),
        (tables.budgets, "window_ends_at", AT_ONCE),
        (tables.proofs, "expires_at", AT_ONCE),
        (tables.known_devices, "expires_at", AT_ONCE),
        (tables.sessions, "expires_at", AT_ONCE),
        (tables.grants, "purge_at", AT_ONCE),
        (tables.pushed_requests, "expires_at", LONGER_THAN_A_SEALED_REQUEST),
        (tables.client_assertions, "expires_at", ASSERTIONS_KEPT),
        (tables.outbox, "finished_at", OUTBOX_KEPT),
        (tables.audit_events, "at", audit_kept),
    )
    return tuple(
        PurgeRule(table=table, column=column, kept=kept) for table, column, kept in kept_after
    )
