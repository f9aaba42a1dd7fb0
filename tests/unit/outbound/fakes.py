"""An outbox in memory, a clock moved by hand, and a transport that keeps what it is given."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from idp.outbound.ports import OutboxDepth, OutboxItem, OutboxKind, OutboxState

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime = NOW) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self._now

    def move(self, step: timedelta) -> None:
        """Go forward."""
        self._now += step


class MemoryQueue:
    """The port `OutboxQueue` over a dictionary."""

    def __init__(self) -> None:
        self.items: dict[str, OutboxItem] = {}
        self._leases: dict[str, tuple[str, datetime]] = {}

    def add(self, item: OutboxItem) -> OutboxItem:
        """Put an item in, as the store does within a request."""
        self.items[item.id] = item
        return item

    def lease(
        self,
        kind: OutboxKind,
        *,
        worker: str,
        limit: int,
        lease_until: datetime,
        now: datetime,
    ) -> Sequence[OutboxItem]:
        """Take what is due and held by nobody."""
        due = [item for item in self.items.values() if self._is_due(item, kind, now)]
        due.sort(key=lambda item: item.next_attempt_at)
        for item in due[:limit]:
            self.items[item.id] = replace(item, attempts=item.attempts + 1)
            self._leases[item.id] = (worker, lease_until)
        return [self.items[item.id] for item in due[:limit]]

    def mark_delivered(self, item_id: str, worker: str, now: datetime) -> bool:
        """Close a leased item."""
        return self._change(item_id, worker, state=OutboxState.DELIVERED, sealed_secrets=None)

    def mark_failed(
        self, item_id: str, worker: str, *, error: str, next_attempt_at: datetime, now: datetime
    ) -> bool:
        """Give a leased item back."""
        return self._change(item_id, worker, last_error=error, next_attempt_at=next_attempt_at)

    def mark_dead(self, item_id: str, worker: str, *, error: str, now: datetime) -> bool:
        """Give up a leased item."""
        return self._change(
            item_id, worker, state=OutboxState.DEAD, last_error=error, sealed_secrets=None
        )

    def retry(self, item_id: str, now: datetime) -> bool:
        """Unused here."""
        return False

    def find_page(
        self,
        state: OutboxState | None = None,
        *,
        after: OutboxItem | None = None,
        limit: int = 50,
    ) -> Sequence[OutboxItem]:
        """Unused here."""
        return []

    def depth(self, now: datetime) -> OutboxDepth:
        """Unused here."""
        return OutboxDepth(waiting=0, oldest_age=timedelta(), dead=0)

    def _is_due(self, item: OutboxItem, kind: OutboxKind | None, now: datetime) -> bool:
        _, held_until = self._leases.get(item.id, ("", now))
        return (
            item.state is OutboxState.WAITING
            and kind in {None, item.kind}
            and item.next_attempt_at <= now
            and held_until <= now
        )

    def _change(self, item_id: str, worker: str, **changes: object) -> bool:
        if self._leases.get(item_id, ("", NOW))[0] != worker:
            return False
        del self._leases[item_id]
        self.items[item_id] = replace(self.items[item_id], **changes)  # type: ignore[arg-type]
        return True


class MemoryUnit:
    """A unit of work over one queue; what it writes is there at once."""

    def __init__(self, queue: MemoryQueue) -> None:
        self.outbox = queue
        self.commits = 0

    def commit(self) -> None:
        """Count the commits."""
        self.commits += 1

    @contextmanager
    def open(self) -> Iterator["MemoryUnit"]:
        """Open it: the port `OpenUnitOfWork`."""
        yield self


class KeptMails:
    """A transport that keeps what it is given; `fault` is raised instead while it is set."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.fault: Exception | None = None
        self.closings = 0

    def send(self, message: EmailMessage, *, sender: str, recipient: str) -> None:
        """Keep one mail."""
        if self.fault:
            raise self.fault
        self.mails.append(message)

    def close(self) -> None:
        """Count the closings."""
        self.closings += 1


def make_item(**changes: object) -> OutboxItem:
    """Return a mail due now."""
    item = OutboxItem(
        id="item-1",
        kind=OutboxKind.MAIL,
        state=OutboxState.WAITING,
        template="sample",
        recipient="camille@exemple.fr",
        parameters={"name": "Camille"},
        created_at=NOW,
        next_attempt_at=NOW,
    )
    return replace(item, **changes)  # type: ignore[arg-type]
