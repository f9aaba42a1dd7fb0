"""Granian, as `idp serve` runs it: the WSGI server that starts, watches and replaces processes.

What it leaves to its caller is set here: a bounded stop (a TERM during a worker's import is
swallowed otherwise), workers that are replaced when they die, and a bounded number of threads.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from granian.constants import HTTPModes, Interfaces
from granian.server.mp import MPServer

from idp.settings import ServerSettings

# Granian's own lines go where all others go.
_JSON_LOGS = {
    "filters": {"told": {"()": lambda: _is_told}},
    "loggers": {"_granian": {"handlers": [], "propagate": True, "filters": ["told"]}},
}
# A new process gets so long to listen before the old one stops: it takes a second or so.
_HANDOVER_SECONDS = 3


def _is_told(line: logging.LogRecord) -> bool:
    """Leave out a warning that takes threads for work of the processor: ours mostly wait."""
    return "Python threads, which seems quite high" not in line.getMessage()


class Server(MPServer):
    """On HUP, replaces the processes, if `find_faults` finds nothing that new ones would die of."""

    def __init__(self, find_faults: Callable[[], Sequence[str]], **options: Any) -> None:  # noqa: ANN401 - Granian's
        super().__init__("idp.app.process:build_process", **options)
        self._find_faults = find_faults

    def _reload(self, spawn_target: Any, target_loader: Any) -> None:  # noqa: ANN401 - Granian's
        self.reload_signal = False
        self.main_loop_interrupt.clear()
        if faults := self._find_faults():
            structlog.get_logger("idp.serve").error("reload.refused", faults=list(faults))
        else:
            super()._reload(spawn_target, target_loader)  # type: ignore[no-untyped-call]
        if self.interrupt_signal:  # a TERM came meanwhile
            self.main_loop_interrupt.set()


def build_server(settings: ServerSettings, *, find_faults: Callable[[], Sequence[str]]) -> Server:
    """Return the server, not started; `serve()` returns once it was told to stop."""
    return Server(
        find_faults,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        backpressure=settings.backpressure,
        backlog=1024,
        http=HTTPModes.http1,
        websockets=False,
        workers_kill_timeout=int(settings.stop_timeout.total_seconds()),
        respawn_failed_workers=True,
        respawn_interval=_HANDOVER_SECONDS,
        log_access=False,
        log_dictconfig=_JSON_LOGS,
    )
