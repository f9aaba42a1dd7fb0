"""Many who act at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")


def do_at_once(acts: Sequence[Callable[[], T]]) -> list[T]:
    """Do all of this at the same moment, each in a thread of its own; return what came of each."""
    start = Barrier(len(acts))

    def do(act: Callable[[], T]) -> T:
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(do, acts))
