"""What the fakes of a store share: one lock for the database's, and what was not committed yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock


class Ledger:
    """Counts commits and says whether anything was written since the last one."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.commits = 0
        self.is_dirty = False

    @contextmanager
    def write(self) -> Iterator[None]:
        """Change something, alone."""
        with self.lock:
            self.is_dirty = True
            yield

    def commit(self) -> None:
        """Make it durable."""
        with self.lock:
            self.commits += 1
            self.is_dirty = False
