"""A thread that repeats one step until it is asked to stop."""

import threading
from collections.abc import Callable
from datetime import timedelta

import structlog


class Loop:
    """Repeats `step` in a daemon thread: at once while it returns True, else after `interval`.

    A daemon, since a thread that is not one would hold up the stop of a server's process. A step
    that raises is logged and repeated after the interval: a database away for a minute must not end
    the worker.
    """

    def __init__(self, name: str, step: Callable[[], bool], interval: timedelta) -> None:
        """Take what to repeat; nothing runs before `start`."""
        self._name = name
        self._step = step
        self._interval = interval.total_seconds()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start repeating."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Let the step under way be the last; returns at once."""
        self._stopping.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the thread to end; return whether it did."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            if not self._try_step():
                self._stopping.wait(self._interval)

    def _try_step(self) -> bool:
        try:
            return self._step()
        except Exception:  # noqa: BLE001 - see the class: nothing ends the worker but a stop
            structlog.get_logger("idp.worker").exception("worker.fault", loop=self._name)
            return False
