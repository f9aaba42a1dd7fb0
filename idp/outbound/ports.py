"""What the outbound room needs from outside: the queue of what leaves, and a way to commit.

An item is leased by one worker for a while; a worker that dies lets its lease run out, and the item
is leased again. The store implements the queue; tests implement it in memory.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

_PATIENCE = timedelta(minutes=10)

SECRETS_PURPOSE = "outbox"
"""What `SecretKeys` seals and unseals the secrets of an item for: a JSON object of strings."""


class OutboxKind(StrEnum):
    """What an item becomes when it leaves."""

    MAIL = "mail"
    LOGOUT = "logout"


class OutboxState(StrEnum):
    """Where an item stands; a leased one still waits."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """A mail or a logout notice (OpenID Connect Back-Channel Logout 1.0).

    A mail's `recipient` is an address and `sealed_secrets` what its template gets besides
    `parameters`. A logout notice's `recipient` is a client id, its `template` empty, its
    `parameters` the account's `sub` and the `sid`. `attempts` counts the leases, this one included.
    """

    id: str
    kind: OutboxKind
    state: OutboxState
    template: str
    recipient: str
    parameters: Mapping[str, str]
    sealed_secrets: str | None = field(default=None, repr=False)
    attempts: int = 0
    created_at: datetime
    next_attempt_at: datetime
    expires_at: datetime | None = None
    last_error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxDepth:
    """How much waits, how long the oldest has waited, and how much was given up."""

    waiting: int
    oldest_age: timedelta
    dead: int

    @property
    def is_late(self) -> bool:
        """Whether something waits for so long that no worker runs, or nothing gets through."""
        return self.oldest_age > _PATIENCE


class OutboxQueue(Protocol):
    """The queue as its workers and the command line see it."""

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

    def mark_delivered(self, item_id: str, worker: str, now: datetime) -> bool:
        """Close a leased item and erase its secrets; False where the lease was lost."""

    def mark_failed(
        self, item_id: str, worker: str, *, error: str, next_attempt_at: datetime, now: datetime
    ) -> bool:
        """Give a leased item back, to be tried again; False where the lease was lost."""

    def mark_dead(self, item_id: str, worker: str, *, error: str, now: datetime) -> bool:
        """Give up a leased item and erase its secrets; False where the lease was lost."""

    def retry(self, item_id: str, now: datetime) -> bool:
        """Make a waiting or dead item due now; a dead one whose secrets are gone stays dead."""

    def find_page(
        self,
        state: OutboxState | None = None,
        *,
        after: OutboxItem | None = None,
        limit: int = 50,
    ) -> Sequence[OutboxItem]:
        """Return items of that state (None: all), newest first, from behind `after` on."""

    def depth(self, now: datetime) -> OutboxDepth:
        """Count what waits and what was given up."""


class UnitOfWork(Protocol):
    """One transaction over the queue; leaving its `with` rolls back what was not committed."""

    @property
    def outbox(self) -> OutboxQueue:
        """The queue, within this transaction."""

    def commit(self) -> None:
        """Make what was written so far durable; the next write opens a new transaction."""


class OpenUnitOfWork(Protocol):
    """Opens a unit of work for a worker's turn."""

    def __call__(self) -> AbstractContextManager[UnitOfWork]:
        """Return a new one."""
