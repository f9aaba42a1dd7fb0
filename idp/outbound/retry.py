"""When to try again, and when to give up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from idp.outbound.ports import OutboxItem

_DELAYS = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600))


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How patient one kind of delivery is.

    `delays` stand between the tries, the last one repeated; `lifetime` is for items that have no
    end of their own; `lease` must outlast a delivery; `pause` is how long all of a kind wait when
    nothing at all gets through.
    """

    lifetime: timedelta
    delays: tuple[timedelta, ...] = _DELAYS
    lease: timedelta = timedelta(minutes=2)
    pause: timedelta = timedelta(seconds=30)

    def next_attempt_at(self, item: OutboxItem, now: datetime) -> datetime:
        """Return when an item that just failed is due again."""
        return now + self.delays[min(item.attempts, len(self.delays)) - 1]

    def is_over(self, item: OutboxItem, now: datetime) -> bool:
        """Whether an item is too old to be of use: its link expired, or its lifetime has passed."""
        return now >= (item.expires_at or item.created_at + self.lifetime)
