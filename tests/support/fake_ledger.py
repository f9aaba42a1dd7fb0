"""What the fakes of a store share: one lock for the database's, and what was not committed yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock, local


class Ledger:
    """Counts commits and says whether this thread wrote anything since its last one."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.commits = 0
        self._of_thread = local()

    @property
    def is_dirty(self) -> bool:
        """Whether this thread's transaction is open."""
        return getattr(self._of_thread, "is_dirty", False)

    @contextmanager
    def write(self) -> Iterator[None]:
        """Change something, alone."""
        with self.lock:
            self.open()
            yield

    def open(self) -> None:
        """Open this thread's transaction."""
        self._of_thread.is_dirty = True

    def commit(self) -> None:
        """Make it durable."""
        with self.lock:
            self.commits += 1
            self._of_thread.is_dirty = False
