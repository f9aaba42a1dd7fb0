"""The outbox as its workers see it: leased, then delivered, given back or given up.

A lease pushes `next_attempt_at` to its end, so an item whose worker died is due again then.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, func, null, or_, select, tuple_, update

from idp.outbound.ports import OutboxDepth, OutboxItem, OutboxKind, OutboxState
from idp.store.columns import Moment
from idp.store.records import read_records
from idp.store.statements import NOW
from idp.store.tables import OUTBOX_WAITS, outbox
from idp.store.transaction import Transaction

ITEM_COLUMNS = [outbox.c[name] for name in OutboxItem.__slots__]
ERASED = case((outbox.c.sealed_secrets.is_not(None), ""), else_=null())

IS_HELD = and_(
    outbox.c.id == bindparam("which"), outbox.c.leased_by == bindparam("worker"), OUTBOX_WAITS
)


# On PostgreSQL two workers skip what the other has locked; SQLite has one writer at a time.
DUE = (
    select(outbox.c.id)
    .where(outbox.c.kind == bindparam("which_kind"), OUTBOX_WAITS)
    .where(outbox.c.next_attempt_at <= NOW)
    .where(or_(outbox.c.expires_at.is_(None), outbox.c.expires_at > NOW))
    .order_by(outbox.c.next_attempt_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
LEASE = (
    update(outbox)
    .where(outbox.c.id.in_(select(DUE.c.id)))
    .values(
        leased_by=bindparam("worker"),
        next_attempt_at=bindparam("lease_until"),
        attempts=outbox.c.attempts + 1,
    )
    .returning(*ITEM_COLUMNS)
)
FINISH = (
    update(outbox)
    .where(IS_HELD)
    .values(
        state=bindparam("new_state"),
        finished_at=NOW,
        last_error=bindparam("error"),
        sealed_secrets=ERASED,
    )
)
GIVE_BACK = (
    update(outbox)
    .where(IS_HELD)
    .values(leased_by=null(), next_attempt_at=bindparam("again_at"), last_error=bindparam("error"))
)
BURY_EXPIRED = (
    update(outbox)
    .where(OUTBOX_WAITS, outbox.c.expires_at <= NOW)
    .values(state=OutboxState.DEAD, finished_at=NOW, last_error="expired", sealed_secrets=ERASED)
)
RETRY = (
    update(outbox)
    .where(outbox.c.id == bindparam("which"), outbox.c.state != OutboxState.DELIVERED)
    .where(or_(outbox.c.sealed_secrets.is_(None), outbox.c.sealed_secrets != ""))
    .values(state=OutboxState.WAITING, leased_by=null(), next_attempt_at=NOW, finished_at=null())
)
NEWEST_FIRST = (outbox.c.created_at.desc(), outbox.c.id.desc())
PAGE = select(*ITEM_COLUMNS).order_by(*NEWEST_FIRST).limit(bindparam("limit"))
IS_AFTER = tuple_(outbox.c.created_at, outbox.c.id) < tuple_(
    bindparam("after_at", type_=Moment), bindparam("after_id")
)
IS_IN_STATE = outbox.c.state == bindparam("which_state")
DEPTH = select(
    select(func.count()).select_from(outbox).where(OUTBOX_WAITS).scalar_subquery().label("waiting"),
    select(func.min(outbox.c.created_at))
    .where(outbox.c.state == OutboxState.WAITING)
    .scalar_subquery()
    .label("oldest_at"),
    select(func.count()).where(outbox.c.state == OutboxState.DEAD).scalar_subquery().label("dead"),
)


class SqlOutboxQueue:
    """Implements `idp.outbound.ports.OutboxQueue`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def lease(
        self,
        kind: OutboxKind,
        *,
        worker: str,
        limit: int,
        lease_until: datetime,
        now: datetime,
    ) -> Sequence[OutboxItem]:
        """Take up to `limit` that are due and not expired; never what another one holds."""
        values = {
            "which_kind": kind,
            "worker": worker,
            "limit": limit,
            "lease_until": lease_until,
            "now": now,
        }
        items = read_records(OutboxItem, self._transaction.change_alone(LEASE, values).rows)
        return sorted(items, key=lambda item: item.created_at)

    def mark_delivered(self, item_id: str, worker: str, now: datetime) -> bool:
        """Close a leased item and erase its secrets; False where the lease was lost."""
        return self._finish(item_id, worker, new_state=OutboxState.DELIVERED, error=None, now=now)

    def mark_dead(self, item_id: str, worker: str, *, error: str, now: datetime) -> bool:
        """Give up a leased item and erase its secrets; False where the lease was lost."""
        return self._finish(item_id, worker, new_state=OutboxState.DEAD, error=error, now=now)

    def mark_failed(
        self,
        item_id: str,
        worker: str,
        *,
        error: str,
        next_attempt_at: datetime,
        now: datetime,  # noqa: ARG002 - the port's signature
    ) -> bool:
        """Give a leased item back, to be tried again; False where the lease was lost."""
        values = {"which": item_id, "worker": worker, "error": error, "again_at": next_attempt_at}
        return self._transaction.change_alone(GIVE_BACK, values).number == 1

    def bury_expired(self, now: datetime) -> int:
        """Give up every waiting item that is past its end, secrets erased; return how many."""
        return self._transaction.change_alone(BURY_EXPIRED, {"now": now}).number

    def retry(self, item_id: str, now: datetime) -> bool:
        """Make a waiting or dead item due now; a dead one whose secrets are gone stays dead."""
        return self._transaction.change_alone(RETRY, {"which": item_id, "now": now}).number == 1

    def find_page(
        self,
        state: OutboxState | None = None,
        *,
        after: OutboxItem | None = None,
        limit: int = 50,
    ) -> Sequence[OutboxItem]:
        """Return items of that state (None: all), newest first, from behind `after` on."""
        statement = PAGE
        values: dict[str, Any] = {"limit": limit}
        if state is not None:
            statement, values["which_state"] = statement.where(IS_IN_STATE), state
        if after is not None:
            statement = statement.where(IS_AFTER)
            values |= {"after_at": after.created_at, "after_id": after.id}
        return read_records(OutboxItem, self._transaction.read_all(statement, values))

    def depth(self, now: datetime) -> OutboxDepth:
        """Count what waits and what was given up."""
        (row,) = self._transaction.read_all(DEPTH)
        oldest_age = now - row.oldest_at if row.oldest_at else timedelta()
        return OutboxDepth(waiting=row.waiting, oldest_age=oldest_age, dead=row.dead)

    def _finish(self, item_id: str, worker: str, **values: object) -> bool:
        values |= {"which": item_id, "worker": worker}
        return self._transaction.change_alone(FINISH, values).number == 1
