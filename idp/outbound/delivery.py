"""One lane of the outbox: takes the items of one kind, one by one, and sees each to its end.

At least once, and once but for a worker killed between a delivery and its record: the item is then
delivered again when its lease is over, under the same Message-ID. No transaction is open while a
mail server or a relying party is being waited for.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import structlog

from idp import secret_values
from idp.clock import Clock
from idp.outbound.failures import DeferredError, RefusedError, TransportDownError
from idp.outbound.ports import OpenUnitOfWork, OutboxItem, OutboxKind
from idp.outbound.retry import RetryPolicy

GIVEN_UP = "given up: its time is over"


class Handler(Protocol):
    """Something that delivers items of one kind."""

    def deliver(self, item: OutboxItem, now: datetime) -> None:
        """Deliver it, or raise one of `idp.outbound.failures`."""

    def end_batch(self) -> None:
        """Let go of connections: nothing is due for a while."""


class Delivery:
    """Delivers the items of one kind: in one thread, and in any number of processes at once."""

    def __init__(
        self,
        kind: OutboxKind,
        handler: Handler,
        *,
        open_unit: OpenUnitOfWork,
        policy: RetryPolicy,
        clock: Clock,
        observe: Callable[[str, str], None] | None = None,
    ) -> None:
        """Take who delivers, what waits, and whom to tell each outcome (for the metrics)."""
        self.kind = kind
        self._handler = handler
        self._open_unit = open_unit
        self._policy = policy
        self._clock = clock
        self._observe = observe or (lambda _kind, _outcome: None)
        self._worker = secret_values.random_id()
        self._down_until: datetime | None = None
        self._log = structlog.get_logger("idp.outbox").bind(kind=kind.value)

    def deliver_next(self) -> bool:
        """Lease and deliver one item; return whether there was one."""
        now = self._clock.now()
        item = None if self._is_down(now) else self._lease(now)
        if item is None:
            self._handler.end_batch()
            return False
        self._observe(self.kind, self._deliver(item, now))
        return True

    def deliver_due(self) -> int:
        """Deliver until nothing is due; return how many items were tried."""
        count = 0
        while self.deliver_next():
            count += 1
        return count

    def _is_down(self, now: datetime) -> bool:
        return self._down_until is not None and now < self._down_until

    def _lease(self, now: datetime) -> OutboxItem | None:
        """Take one at a time, so that a slow one does not outlast the leases of others."""
        with self._open_unit() as unit:
            leased = unit.outbox.lease(
                self.kind,
                worker=self._worker,
                limit=1,
                lease_until=now + self._policy.lease,
                now=now,
            )
            unit.commit()
        return leased[0] if leased else None

    def _deliver(self, item: OutboxItem, now: datetime) -> str:
        if self._policy.is_over(item, now):
            return self._bury(item, GIVEN_UP)
        try:
            self._handler.deliver(item, now)
        except RefusedError as error:
            return self._bury(item, str(error))
        except TransportDownError as error:
            self._down_until = self._clock.now() + self._policy.pause
            return self._postpone(item, str(error), self._down_until)
        except DeferredError as error:
            return self._postpone(item, str(error), self._next_attempt_at(item))
        except Exception:  # noqa: BLE001 - a fault in one item must not stop the others
            self._log.exception("outbox.fault", item=item.id)
            return self._postpone(item, "fault: see the log", self._next_attempt_at(item))
        return self._close(item)

    def _next_attempt_at(self, item: OutboxItem) -> datetime:
        return self._policy.next_attempt_at(item, self._clock.now())

    def _close(self, item: OutboxItem) -> str:
        with self._open_unit() as unit:
            unit.outbox.mark_delivered(item.id, self._worker, self._clock.now())
            unit.commit()
        self._log.info("outbox.delivered", item=item.id, attempts=item.attempts)
        return "delivered"

    def _bury(self, item: OutboxItem, reason: str) -> str:
        with self._open_unit() as unit:
            unit.outbox.mark_dead(item.id, self._worker, error=reason, now=self._clock.now())
            unit.commit()
        self._log.error("outbox.dead", item=item.id, reason=reason)
        return "dead"

    def _postpone(self, item: OutboxItem, reason: str, until: datetime) -> str:
        now = self._clock.now()
        with self._open_unit() as unit:
            unit.outbox.mark_failed(
                item.id, self._worker, error=reason, next_attempt_at=until, now=now
            )
            unit.commit()
        self._log.warning("outbox.postponed", item=item.id, reason=reason, until=until.isoformat())
        return "postponed"
