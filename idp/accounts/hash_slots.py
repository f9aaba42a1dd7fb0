"""Hash slots: at most so many password hashes at once in a process, and a short queue.

A hash fills a core and 19 MiB for 10 to 20 ms; more of them at once than cores only swamp the
machine. Whoever finds the queue full is told when to come back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import BoundedSemaphore, Lock

from idp.accounts.errors import HashQueueFullError


class HashSlots:
    """`limit` holders at once, `queue_limit` waiting ones, each for `patience` at most.

    A rush lasts from when the queue is full to when a slot is free; `on_rush` hears of each once,
    `on_queue` of how many wait, whenever that changes.
    """

    def __init__(
        self,
        limit: int,
        *,
        queue_limit: int,
        patience: timedelta,
        on_rush: Callable[[], None] = lambda: None,
        on_queue: Callable[[int], None] | None = None,
    ) -> None:
        self.limit = limit
        self._queue_limit = queue_limit
        self._patience = patience
        self._on_rush = on_rush
        self._on_queue = on_queue
        self._free = BoundedSemaphore(limit)
        self._lock = Lock()
        self._waiting = 0
        self._held = 0
        self._is_rush = False
        self._vacancies = 0

    @property
    def held(self) -> int:
        """How many slots are taken."""
        return self._held

    @property
    def waiting(self) -> int:
        """How many wait for one."""
        return self._waiting

    def turns_away(self) -> bool:
        """Say whether to refuse now who would want a slot later: in a rush, more than are served.

        Refused after the form, a visitor has cost three answers; before it, one. But forms take
        their time: were all turned away before it, the queue would run dry meanwhile.
        """
        self._look_for_rush()
        with self._lock:
            if not self._is_rush:
                return False
            if self._vacancies == 0:
                return True
            self._vacancies -= 1
            return False

    @contextmanager
    def take(self) -> Iterator[None]:
        """Hold a slot for the length of a `with`.

        Raises:
            HashQueueFullError: the queue is full, or none came free in time.

        """
        if self._free.acquire(blocking=False):
            self._count(held=1)
        else:
            self._wait()
        try:
            yield
        finally:
            self._count(held=-1, vacancies=1)
            self._free.release()

    def _wait(self) -> None:
        if not self._join_queue():
            self._look_for_rush()
            raise HashQueueFullError(self._patience)
        has_slot = False
        try:
            has_slot = self._free.acquire(timeout=self._patience.total_seconds())
        finally:
            self._count(waiting=-1, held=has_slot)
        if not has_slot:
            raise HashQueueFullError(self._patience)

    def _look_for_rush(self) -> None:
        with self._lock:
            is_full = self._held + self._waiting >= self.limit + self._queue_limit
            begins = is_full and not self._is_rush
            self._is_rush |= is_full
        if begins:
            self._on_rush()

    def _join_queue(self) -> bool:
        with self._lock:
            is_open = self._waiting < self._queue_limit
            if is_open:
                self._move_queue(1)
            return is_open

    def _count(self, *, held: int = 0, waiting: int = 0, vacancies: int = 0) -> None:
        with self._lock:
            self._held += held
            if waiting:
                self._move_queue(waiting)
            self._vacancies = min(self._vacancies + vacancies, self.limit + self._queue_limit)
            if self._held + self._waiting < self.limit:
                self._is_rush = False

    def _move_queue(self, by: int) -> None:
        """Tell it while the lock is held: the last to be told is the last to be true."""
        self._waiting += by
        if self._on_queue:
            self._on_queue(self._waiting)
