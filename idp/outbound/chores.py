"""What the worker does now and then: purge, rotate keys by schedule, serve /metrics."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from idp.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """`run` is told the time, and is safe to run in several workers at once."""

    name: str
    interval: timedelta
    run: Callable[[datetime], object]


class ChoreList:
    """Runs each chore when its interval has passed; the first time at once."""

    def __init__(self, chores: Sequence[Chore], clock: Clock) -> None:
        """Take the chores."""
        self._chores = tuple(chores)
        self._clock = clock
        self._due_at: dict[str, datetime] = {}

    def run_due(self) -> bool:
        """Run what is due; a chore that fails is logged and runs again after its interval.

        Returns False always: there is nothing more to do before some time passes.
        """
        now = self._clock.now()
        for chore in self._chores:
            if now >= self._due_at.get(chore.name, now):
                self._due_at[chore.name] = now + chore.interval
                self._run(chore, now)
        return False

    def _run(self, chore: Chore, now: datetime) -> None:
        try:
            chore.run(now)
        except Exception:  # noqa: BLE001 - whatever a chore raises, the others go on
            structlog.get_logger("idp.worker").exception("worker.chore_failed", chore=chore.name)
