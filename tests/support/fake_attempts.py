"""Counters and budgets in memory, by the rule of `idp.accounts.attempts`."""

from dataclasses import dataclass, field
from datetime import datetime

from idp.accounts.attempts import Attempt, AttemptRule, Budget
from tests.support.fake_ledger import Ledger


@dataclass
class FakeCounter:
    """The failures of one key."""

    total_since: datetime
    times: list[datetime] = field(default_factory=list)
    total: int = 0
    blocked_until: datetime | None = None
    blocked_at: datetime | None = None


class FakeAttempts:
    """Counters by key; `reserved` says how many attempts were let through in all."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.kept: dict[str, FakeCounter] = {}
        self.budgets: dict[str, tuple[datetime, int]] = {}
        self.reserved = 0

    def reserve(self, key: str, rule: AttemptRule, now: datetime) -> Attempt | None:
        """Count an attempt, unless the key is blocked."""
        with self._ledger.lock:
            if self.blocked_until(key, now):
                return None
            self._ledger.open()
            self.reserved += 1
            counter = self.kept.setdefault(key, FakeCounter(now))
            _count(counter, rule, now)
            _block_if_due(counter, rule, now)
            return Attempt(
                number=len(counter.times),
                total=counter.total,
                blocked_until=counter.blocked_until,
            )

    def blocked_until(self, key: str, now: datetime) -> datetime | None:
        """Return when its block ends."""
        until = self.kept[key].blocked_until if key in self.kept else None
        return until if until and now < until else None

    def clear(self, key: str) -> None:
        """Forget the key."""
        with self._ledger.write():
            self.kept.pop(key, None)

    def block(self, key: str, until: datetime, now: datetime) -> None:
        """Block it, unless it is blocked for longer."""
        with self._ledger.write():
            counter = self.kept.setdefault(key, FakeCounter(now))
            counter.blocked_until = max(until, counter.blocked_until or until)
            counter.blocked_at = now

    def clear_all_since(self, key_prefix: str, since: datetime) -> int:
        """Lift the blocks that began after `since`."""
        with self._ledger.write():
            found = [
                key
                for key, counter in self.kept.items()
                if key.startswith(key_prefix) and counter.blocked_at and counter.blocked_at > since
            ]
            for key in found:
                del self.kept[key]
            return len(found)

    def spend(self, key: str, budget: Budget, now: datetime) -> int:
        """Count a failure of the period."""
        with self._ledger.write():
            ends_at, spent = self.budgets.get(key, (now, 0))
            if ends_at <= now:
                ends_at, spent = now + budget.window, 0
            self.budgets[key] = ends_at, spent + 1
            return spent + 1

    def spent(self, key: str, now: datetime) -> int:
        """Return the failures of the period."""
        ends_at, spent = self.budgets.get(key, (now, 0))
        return spent if ends_at > now else 0


def _count(counter: FakeCounter, rule: AttemptRule, now: datetime) -> None:
    if counter.blocked_until:
        counter.times = []
    counter.blocked_until = None
    counter.times = [time for time in counter.times if time > now - rule.window] + [now]
    if counter.total_since <= now - rule.long_window:
        counter.total, counter.total_since = 0, now
    counter.total += 1


def _block_if_due(counter: FakeCounter, rule: AttemptRule, now: datetime) -> None:
    is_full = len(counter.times) >= rule.limit
    is_long = counter.total >= rule.long_limit
    if is_long and (is_full or rule.blocks_each):
        counter.blocked_until = now + rule.long_block
    elif is_full:
        counter.blocked_until = now + rule.block
    if counter.blocked_until:
        counter.blocked_at = now
