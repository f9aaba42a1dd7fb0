"""One process of `idp serve`: the application, and what runs beside it."""

import ctypes
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
    start_background(built)
    return app


def build_worker(settings: Settings, clock: Clock) -> OutboxWorker:
    """Return the worker of a process that answers nobody, not started."""
    configure_logging(clock)
    return build_background(build(settings, clock))


def _end_when_told() -> None:
    """End at once on a signal that comes before Granian listens to it, and with the parent.

    Until then this process has its parent's handlers, which would swallow it. An orphan would keep
    the port, and serve on unattended.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
