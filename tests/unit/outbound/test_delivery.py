"""What becomes of an item in the outbox: delivered, tried again, given up."""

from datetime import datetime, timedelta

import pytest

from idp.outbound.delivery import GIVEN_UP, Delivery
from idp.outbound.failures import DeferredError, RefusedError, TransportDownError
from idp.outbound.ports import OutboxItem, OutboxKind, OutboxState
from idp.outbound.retry import RetryPolicy
from tests.unit.outbound.fakes import NOW, MemoryQueue, MemoryUnit, MovableClock, make_item

POLICY = RetryPolicy(lifetime=timedelta(days=3))


class Recorder:
    """A handler that notes what it was given; `fault` is raised while it is set."""

    def __init__(self) -> None:
        self.delivered: list[str] = []
        self.tries = 0
        self.fault: Exception | None = None
        self.batches = 0

    def deliver(self, item: OutboxItem, now: datetime) -> None:
        """Note the item, or fail."""
        self.tries += 1
        if self.fault:
            raise self.fault
        self.delivered.append(item.id)

    def end_batch(self) -> None:
        """Count the batches."""
        self.batches += 1


class Lane:
    """A delivery with everything around it in memory."""

    def __init__(self) -> None:
        self.clock = MovableClock()
        self.queue = MemoryQueue()
        self.handler = Recorder()
        self.outcomes: list[str] = []
        self.delivery = self.make_delivery(self.handler)

    def make_delivery(self, handler: Recorder) -> Delivery:
        """Return one more worker's lane over the same queue."""
        return Delivery(
            OutboxKind.MAIL,
            handler,
            open_unit=MemoryUnit(self.queue).open,
            policy=POLICY,
            clock=self.clock,
            observe=lambda _kind, outcome: self.outcomes.append(outcome),
        )

    def fail(self, error: Exception) -> OutboxItem:
        """Let one delivery fail and return the item after it."""
        self.handler.fault = error
        self.delivery.deliver_due()
        return self.queue.items["item-1"]


@pytest.fixture
def lane() -> Lane:
    """An empty lane."""
    return Lane()


def test_due_item_is_delivered_once(lane: Lane) -> None:
    """What is due is delivered, closed, and not delivered again."""
    lane.queue.add(make_item())
    assert (lane.delivery.deliver_due(), lane.delivery.deliver_due()) == (1, 0)
    assert lane.handler.delivered == ["item-1"]
    assert lane.queue.items["item-1"].state is OutboxState.DELIVERED


def test_batch_ends_when_nothing_is_due(lane: Lane) -> None:
    """The handler lets go of its connection after the last item, not between two."""
    lane.queue.add(make_item())
    lane.queue.add(make_item(id="item-2"))
    lane.delivery.deliver_due()
    assert (lane.handler.tries, lane.handler.batches) == (2, 1)


@pytest.mark.parametrize(
    "tries, seconds", [(1, 5), (2, 30), (3, 120), (4, 600), (5, 1800), (6, 3600), (9, 3600)]
)
def test_back_off_grows_to_an_hour(tries: int, seconds: int) -> None:
    """The wait after the nth failure."""
    due = POLICY.next_attempt_at(make_item(attempts=tries), NOW)
    assert due == NOW + timedelta(seconds=seconds)


def test_deferred_item_waits_for_its_back_off(lane: Lane) -> None:
    """A temporary failure keeps the item, its reason told, and tries again when it is due."""
    lane.queue.add(make_item())
    item = lane.fail(DeferredError("451 later"))
    assert (item.state, item.last_error) == (OutboxState.WAITING, "451 later")
    assert item.next_attempt_at == NOW + timedelta(seconds=5)
    lane.clock.move(timedelta(seconds=4))
    assert lane.delivery.deliver_due() == 0
    lane.clock.move(timedelta(seconds=1))
    assert lane.delivery.deliver_due() == 1


def test_refused_item_dies_with_its_reason(lane: Lane) -> None:
    """A permanent failure ends the item and erases its secrets."""
    lane.queue.add(make_item(sealed_secrets="sealed"))
    item = lane.fail(RefusedError("550 nobody here"))
    assert (item.state, item.last_error) == (OutboxState.DEAD, "550 nobody here")
    assert item.sealed_secrets is None


def test_transport_down_stops_the_whole_lane(lane: Lane) -> None:
    """With the mail server away one item is tried a pause, however many wait."""
    for number in range(50):
        lane.queue.add(make_item(id=f"item-{number}"))
    lane.fail(TransportDownError("refused"))
    assert lane.handler.tries == 1
    lane.clock.move(POLICY.pause)
    lane.delivery.deliver_due()
    assert lane.handler.tries == 2


def test_outage_ends_within_a_pause(lane: Lane) -> None:
    """After an hour without mail server everything leaves at the first pause's end, once."""
    lane.queue.add(make_item())
    lane.queue.add(make_item(id="item-2"))
    lane.handler.fault = TransportDownError("refused")
    for _ in range(120):
        lane.delivery.deliver_due()
        lane.clock.move(POLICY.pause)
    lane.handler.fault = None
    lane.delivery.deliver_due()
    assert sorted(lane.handler.delivered) == ["item-1", "item-2"]


def test_expired_item_is_given_up_untried(lane: Lane) -> None:
    """A mail whose link has expired is of no use to anybody."""
    lane.queue.add(make_item(expires_at=NOW))
    lane.delivery.deliver_due()
    assert lane.handler.tries == 0
    assert lane.queue.items["item-1"].last_error == GIVEN_UP


def test_item_without_end_is_given_up_after_its_lifetime(lane: Lane) -> None:
    """What has no end of its own is tried for three days."""
    lane.queue.add(make_item())
    lane.clock.move(timedelta(days=3) - timedelta(seconds=1))
    assert lane.fail(DeferredError("451 later")).state is OutboxState.WAITING
    lane.clock.move(timedelta(seconds=5))
    lane.delivery.deliver_due()
    assert lane.queue.items["item-1"].state is OutboxState.DEAD


def test_fault_in_one_item_does_not_stop_the_next(lane: Lane) -> None:
    """An unforeseen exception postpones the item, and says nothing of it but that."""
    lane.queue.add(make_item())
    assert lane.fail(KeyError("secret-value")).last_error == "fault: see the log"
    assert lane.outcomes == ["postponed"]


def test_two_workers_share_one_queue(lane: Lane) -> None:
    """While one worker holds an item, another finds nothing to do."""
    other = lane.make_delivery(Recorder())

    class Meddler(Recorder):
        def deliver(self, item: OutboxItem, now: datetime) -> None:
            self.tries += 1
            assert other.deliver_due() == 0

    meddler = Meddler()
    lane.queue.add(make_item())
    assert lane.make_delivery(meddler).deliver_due() == 1
    assert meddler.tries == 1


def test_killed_workers_item_is_taken_up_after_its_lease(lane: Lane) -> None:
    """A worker that dies while it delivers loses its lease, and the item leaves by another."""

    class Killed(Recorder):
        def deliver(self, item: OutboxItem, now: datetime) -> None:
            raise KeyboardInterrupt

    lane.queue.add(make_item())
    with pytest.raises(KeyboardInterrupt):
        lane.make_delivery(Killed()).deliver_due()
    lane.clock.move(POLICY.lease - timedelta(seconds=1))
    assert lane.delivery.deliver_due() == 0
    lane.clock.move(timedelta(seconds=1))
    assert lane.delivery.deliver_due() == 1


def test_no_transaction_is_open_during_a_delivery() -> None:
    """A slow mail server must not hold the database: the unit is closed before it is asked."""
    queue = MemoryQueue()
    open_units: list[MemoryUnit] = []

    class WatchedUnit(MemoryUnit):
        def __enter__(self) -> MemoryUnit:
            open_units.append(self)
            return self

        def __exit__(self, *_: object) -> None:
            open_units.remove(self)

    class Watcher(Recorder):
        def deliver(self, item: OutboxItem, now: datetime) -> None:
            self.tries += 1
            assert open_units == []

    watcher = Watcher()
    queue.add(make_item())
    delivery = Delivery(
        OutboxKind.MAIL,
        watcher,
        open_unit=lambda: WatchedUnit(queue),
        policy=POLICY,
        clock=MovableClock(),
    )
    assert delivery.deliver_due() == 1
    assert watcher.tries == 1
