"""The worker: a lane for each kind of item in the outbox, and the chores, each in a thread.

A relying party that is slow to take a logout notice must not hold up an activation mail: hence the
lanes. Any number of workers may run over one database.
"""

import time
from collections.abc import Sequence
from datetime import timedelta

from idp.outbound.chores import ChoreList
from idp.outbound.delivery import Delivery
from idp.outbound.loops import Loop

_CHORE_INTERVAL = timedelta(seconds=5)


class OutboxWorker:
    """Runs until stopped. Build it in the process that runs it: threads do not survive a fork."""

    def __init__(
        self, deliveries: Sequence[Delivery], chores: ChoreList, *, poll_interval: timedelta
    ) -> None:
        """Take what to deliver and do; `poll_interval` is how long a mail waits to be noticed."""
        self._deliveries = tuple(deliveries)
        self._chores = chores
        self._loops = [
            *(Loop(f"outbox-{lane.kind}", lane.deliver_next, poll_interval) for lane in deliveries),
            Loop("chores", chores.run_due, _CHORE_INTERVAL),
        ]

    def start(self) -> None:
        """Start the threads and return."""
        for loop in self._loops:
            loop.start()

    def stop(self, timeout: timedelta = timedelta(seconds=5)) -> bool:
        """Finish what is under way and end the threads; return whether all ended in time.

        What is cut off is delivered by another worker when its lease is over.
        """
        for loop in self._loops:
            loop.ask_to_stop()
        deadline = time.monotonic() + timeout.total_seconds()
        return all(loop.wait(max(0.0, deadline - time.monotonic())) for loop in self._loops)

    def run_once(self) -> int:
        """Do the chores and deliver what is due, in this thread; return how many were tried."""
        self._chores.run_due()
        return sum(lane.deliver_due() for lane in self._deliveries)
