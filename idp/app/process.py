"""One process of `idp serve`: the application, and what runs beside it."""

import ctypes
import gc
import os
import signal
import sys

import structlog
from flask import Flask

from idp.app.background import build_background, start_background
from idp.app.services import build
from idp.app.wsgi import assemble
from idp.clock import Clock, SystemClock
from idp.outbound.logs import configure_logging
from idp.outbound.worker import OutboxWorker
from idp.settings import Settings, load_settings

_PR_SET_PDEATHSIG = 1
_OBJECTS_BETWEEN_COLLECTIONS = 10_000
_ENDING = (signal.SIGINT, signal.SIGTERM)


def hold_signals_of_new_processes() -> None:
    """Let what a process is told while it is made wait until `build_process` can heed it.

    It begins with its parent's handlers, which would swallow the signal.
    """
    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING),
    )


def build_process() -> Flask:
    """Return the application, its worker started; what prevents that is logged.

    Raises:
        SystemExit: it cannot be built.

    """
    _end_when_told()
    clock = SystemClock()
    configure_logging(clock)
    try:
        built = build(load_settings(), clock)
        app = assemble(built)
    except Exception as error:
        structlog.get_logger("idp.serve").critical("process.failed", exc_info=error)
        raise SystemExit(1) from error
    _spare_what_stays()
    start_background(built)
    return app


def build_worker_process(settings: Settings, clock: Clock) -> OutboxWorker:
    """Return the worker of a process that answers nobody, not started."""
    configure_logging(clock)
    return build_background(build(settings, clock))


def _spare_what_stays() -> None:
    """Let the collector pass over what was built, and come seldom: requests leave few cycles.

    What building used and needs no more, such as a password hash's memory, goes back to the system.
    """
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


def _end_when_told() -> None:
    """End at once on a signal that comes before Granian listens to it, and with the parent.

    An orphan would keep the port, and serve on unattended.
    """
    for number in _ENDING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
