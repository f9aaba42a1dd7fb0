"""The worker's threads: they go on whatever happens, and stop when asked."""

import threading
from datetime import datetime, timedelta

from idp.outbound.chores import Chore, ChoreList
from idp.outbound.delivery import Delivery
from idp.outbound.loops import Loop
from idp.outbound.ports import OutboxItem, OutboxKind
from idp.outbound.retry import RetryPolicy
from idp.outbound.worker import OutboxWorker
from tests.support.network import wait_until
from tests.unit.outbound.fakes import MemoryQueue, MemoryUnit, MovableClock, make_item

SOON = timedelta(milliseconds=1)


class Counter:
    """A handler that counts."""

    def __init__(self) -> None:
        self.count = 0

    def deliver(self, item: OutboxItem, now: object) -> None:
        """Count the item."""
        self.count += 1

    def end_batch(self) -> None:
        """Do nothing."""


def make_worker(queue: MemoryQueue, handler: Counter) -> OutboxWorker:
    """Return a worker of one lane."""
    clock = MovableClock()
    lane = Delivery(
        OutboxKind.MAIL,
        handler,
        open_unit=MemoryUnit(queue).open,
        policy=RetryPolicy(lifetime=timedelta(days=3)),
        clock=clock,
    )
    return OutboxWorker([lane], ChoreList([], clock), poll_interval=SOON)


def test_worker_delivers_and_stops() -> None:
    """A started worker empties the queue, notices what comes later, and ends when asked."""
    queue, handler = MemoryQueue(), Counter()
    worker = make_worker(queue, handler)
    queue.add(make_item())
    worker.start()
    wait_until(lambda: handler.count == 1)
    queue.add(make_item(id="item-2"))
    wait_until(lambda: handler.count == 2)
    assert worker.stop()


def test_loop_outlives_a_step_that_fails() -> None:
    """A step that raises is repeated: a database away for a minute must not end the worker."""
    done = threading.Event()
    answers = iter([OSError("away"), OSError("still away")])

    def step() -> bool:
        if error := next(answers, None):
            raise error
        done.set()
        return False

    loop = Loop("test", step, SOON)
    loop.start()
    assert done.wait(10)
    loop.ask_to_stop()
    assert loop.wait(10)


def test_threads_are_daemons() -> None:
    """A thread that is none would hold up the stop of the server's process."""
    started = threading.Event()
    seen: list[bool] = []

    def step() -> bool:
        seen.append(threading.current_thread().daemon)
        started.set()
        return False

    loop = Loop("test", step, SOON)
    loop.start()
    assert started.wait(10)
    loop.ask_to_stop()
    assert loop.wait(10)
    assert seen[0]


def test_chore_runs_at_once_then_after_its_interval() -> None:
    """Each chore keeps its own time."""
    clock = MovableClock()
    times: list[datetime] = []
    chores = ChoreList(
        [Chore(name="purge", interval=timedelta(minutes=10), run=times.append)], clock
    )
    chores.run_due()
    clock.move(timedelta(minutes=9))
    chores.run_due()
    clock.move(timedelta(minutes=1))
    chores.run_due()
    assert len(times) == 2


def test_failed_chore_stops_no_other() -> None:
    """A chore that raises runs again after its interval; the next one runs all the same."""
    clock = MovableClock()
    times: list[datetime] = []

    def fail(_now: object) -> None:
        raise OSError("no space")

    minute = timedelta(minutes=1)
    chores = ChoreList(
        [
            Chore(name="rotate", interval=minute, run=fail),
            Chore(name="purge", interval=minute, run=times.append),
        ],
        clock,
    )
    chores.run_due()
    assert len(times) == 1
