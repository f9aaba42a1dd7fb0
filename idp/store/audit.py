"""The audit trail: events are added and, past their time, purged; nothing else (see migrations)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from idp.audit_events import Event
from idp.clock import Clock
from idp.secret_values import random_id
from idp.store.records import read_records, to_values
from idp.store.tables import audit_events
from idp.store.transaction import Transaction

ADD = insert(audit_events)
NEWEST_FIRST = (
    select(audit_events)
    .order_by(audit_events.c.at.desc(), audit_events.c.id.desc())
    .limit(bindparam("limit"))
)
FILTERS = {
    "name": audit_events.c.name == bindparam("name"),
    "finess": audit_events.c.finess == bindparam("finess"),
    "client_id": audit_events.c.client_id == bindparam("client_id"),
    "since": audit_events.c.at >= bindparam("since"),
    "until": audit_events.c.at < bindparam("until"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditContext:
    """Where events come from: a request's network and id, or the operator at the command line."""

    clock: Clock
    network: str | None = None
    request_id: str | None = None
    operator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """What happened, when, to whom, from where and why."""

    id: str
    at: datetime
    name: str
    finess: str | None = None
    sub: str | None = None
    client_id: str | None = None
    network: str | None = None
    request_id: str | None = None
    operator: str | None = None
    reason: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """What to look for; every part given has to match. `since` is included, `until` is not."""

    name: str | None = None
    finess: str | None = None
    client_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class SqlAuditTrail:
    """Implements `AuditTrail` of `idp.accounts.ports` and of `idp.protocol.ports`."""

    def __init__(
        self,
        transaction: Transaction,
        context: AuditContext,
        *,
        tell: Callable[[Mapping[str, object]], None] | None = None,
    ) -> None:
        """`tell` is given each event once it is durable: for the log and the metrics."""
        self._transaction = transaction
        self._context = context
        self._tell = tell
        self._untold: list[Mapping[str, object]] = []

    def record(
        self,
        name: Event,
        *,
        finess: str | None = None,
        sub: str | None = None,
        client_id: str | None = None,
        reason: str | None = None,
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Add an event, dated by the context's clock."""
        values = {
            "id": random_id(),
            "at": self._context.clock.now(),
            "name": str(name),
            "finess": _clean(finess),
            "sub": sub,
            "client_id": _clean(client_id),
            "network": self._context.network,
            "request_id": _clean(self._context.request_id),
            "operator": self._context.operator,
            "reason": _clean(reason),
            "details": dict(details or {}),
        }
        self._transaction.change_later(ADD, values)
        self._untold.append(values)

    def tell_committed(self) -> None:
        """Tell what the commit just made durable."""
        told, self._untold = self._untold, []
        if self._tell:
            for event in told:
                self._tell(event)

    def forget_untold(self) -> None:
        """Tell nothing of what was taken back."""
        self._untold.clear()

    def find(self, query: AuditQuery, *, limit: int = 50) -> Sequence[AuditEvent]:
        """Return the newest `limit` events that match, newest first."""
        wanted = {name: value for name, value in to_values(query).items() if value is not None}
        statement = NEWEST_FIRST.where(*(FILTERS[name] for name in wanted))
        rows = self._transaction.read_all(statement, {**wanted, "limit": limit})
        return read_records(AuditEvent, rows)


def _clean(text: str | None) -> str | None:
    """PostgreSQL keeps no NUL in a text, and what came in a request may hold one."""
    return None if text is None else str(text).replace("\0", "\N{REPLACEMENT CHARACTER}")
