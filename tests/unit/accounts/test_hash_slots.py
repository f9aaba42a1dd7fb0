"""Hash slots: bounded, with a short queue, exact in a crowd. C117."""

from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from datetime import timedelta
from itertools import pairwise
from threading import Barrier, Event

import pytest

from idp.accounts.errors import HashQueueFullError
from idp.accounts.hash_slots import HashSlots
from tests.support.network import wait_until

LONG = timedelta(seconds=30)
NONE = timedelta(0)


def test_c117_no_more_than_the_limit_at_once() -> None:
    """C117: of 40 threads no more than two hold a slot at any moment, and all get one."""
    slots = HashSlots(2, queue_limit=40, patience=LONG)
    start, seen = Barrier(40), []

    def hold(_: int) -> None:
        start.wait()
        with slots.take():
            seen.append(slots.held)

    with ThreadPoolExecutor(40) as pool:
        list(pool.map(hold, range(40)))
    assert len(seen) == 40
    assert max(seen) <= 2
    assert (slots.held, slots.waiting) == (0, 0)


def test_while_the_queue_is_full_as_many_come_in_as_were_served() -> None:
    """C117: who only comes for the form is refused as soon as who filled it in, but for so many."""
    slots = HashSlots(1, queue_limit=0, patience=LONG)
    with slots.take():
        assert [slots.turns_away() for _ in range(2)] == [True, True]
    assert not slots.turns_away()
    with slots.take():
        assert [slots.turns_away() for _ in range(2)] == [False, True]


def test_quiet_hours_let_no_crowd_in() -> None:
    """However many were served before, no more come in at a full queue than hold and wait."""
    slots = HashSlots(1, queue_limit=1, patience=LONG)

    def take() -> None:
        with slots.take():
            pass

    for _ in range(9):
        take()
    with ThreadPoolExecutor(1) as pool, slots.take():
        pool.submit(take)
        wait_until(lambda: slots.waiting)
        assert [slots.turns_away() for _ in range(3)] == [False, False, True]


def test_rush_lasts_until_a_slot_is_free() -> None:
    """Once the queue was full, all come in again when a slot is free, not when one may wait."""
    slots = HashSlots(1, queue_limit=1, patience=LONG)
    has_slot, may_end = Event(), Event()

    def hold() -> None:
        with slots.take():
            has_slot.set()
            may_end.wait(30)

    with ThreadPoolExecutor(1) as pool, ExitStack() as stack:
        stack.callback(may_end.set)
        with slots.take():
            pool.submit(hold)
            wait_until(lambda: slots.waiting)
            assert slots.turns_away()
        assert has_slot.wait(30)
        assert [slots.turns_away() for _ in range(2)] == [False, True]
    with slots.take():
        assert not any(slots.turns_away() for _ in range(3))


def test_each_rush_is_told_once() -> None:
    """Who finds the queue full tells it, at the door or after the form; the next rush anew."""
    told: list[None] = []
    slots = HashSlots(1, queue_limit=0, patience=LONG, on_rush=lambda: told.append(None))
    with slots.take():
        assert not told
        with pytest.raises(HashQueueFullError), slots.take():
            pass
        assert [slots.turns_away() for _ in range(3)] == [True] * 3
        assert len(told) == 1
    with slots.take():
        slots.turns_away()
    assert len(told) == 2


def test_nobody_is_turned_away_while_the_queue_has_room() -> None:
    """A slot that is held turns nobody away, as long as one may wait for it."""
    slots = HashSlots(1, queue_limit=1, patience=LONG)
    with slots.take():
        assert not any(slots.turns_away() for _ in range(4))


def test_full_queue_is_refused_at_once() -> None:
    """Past the queue nobody waits: they are told when to come back."""
    slots = HashSlots(1, queue_limit=0, patience=LONG)
    with slots.take(), pytest.raises(HashQueueFullError) as raised, slots.take():
        pass
    assert raised.value.retry_after == LONG
    assert slots.waiting == 0


def test_queue_is_told_to_be_empty_though_nobody_hashed() -> None:
    """Its length is told with each who joins or leaves it, whatever for."""
    told: list[int] = []
    slots = HashSlots(1, queue_limit=2, patience=NONE, on_queue=told.append)
    with slots.take():
        assert told == []
        with pytest.raises(HashQueueFullError), slots.take():
            pass
    assert told == [1, 0]


def test_last_length_told_in_a_crowd_is_none() -> None:
    """However joining and leaving meet, the last to be told is the last to be true."""
    told: list[int] = []
    slots = HashSlots(2, queue_limit=40, patience=LONG, on_queue=told.append)

    def pass_by() -> None:
        with slots.take():
            pass

    with ThreadPoolExecutor(40) as pool, slots.take(), slots.take():
        for _ in range(40):
            pool.submit(pass_by)
        wait_until(lambda: slots.waiting == 40)
    assert (max(told), told[-1]) == (40, 0)
    assert all(abs(now - before) == 1 for before, now in pairwise([0, *told]))


def test_waiting_ends_with_patience() -> None:
    """Who waits longer than that is told to come back, and leaves the queue."""
    slots = HashSlots(1, queue_limit=5, patience=NONE)
    with slots.take(), pytest.raises(HashQueueFullError), slots.take():
        pass
    assert (slots.held, slots.waiting) == (0, 0)


def test_queue_takes_as_many_as_it_may() -> None:
    """With one slot held, two of five wait and three are refused."""
    slots = HashSlots(1, queue_limit=2, patience=LONG)
    refused = Event()

    def take() -> bool:
        try:
            with slots.take():
                return True
        except HashQueueFullError:
            refused.set()
            return False

    with ThreadPoolExecutor(5) as pool:
        with slots.take():
            futures = [pool.submit(take) for _ in range(5)]
            done, _ = wait(futures, timeout=0)
            while len(done) < 3:
                refused.wait(30)
                refused.clear()
                done, _ = wait(futures, timeout=0)
            assert slots.waiting == 2
        outcomes = sorted(future.result() for future in futures)
    assert outcomes == [False, False, False, True, True]


def test_slot_comes_back_after_an_error() -> None:
    """A failure inside the `with` gives the slot back."""
    slots = HashSlots(1, queue_limit=0, patience=NONE)
    with pytest.raises(RuntimeError), slots.take():
        raise RuntimeError
    with slots.take():
        assert slots.held == 1
