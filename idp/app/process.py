"""One process of `idp serve`: the application, and what runs beside it."""

from flask import Flask

from idp.app.background import build_background
from idp.app.services import build
from idp.app.wsgi import assemble
from idp.clock import Clock, SystemClock
from idp.outbound.logs import configure_logging
from idp.outbound.worker import OutboxWorker
from idp.settings import Settings, load_settings


def build_process() -> Flask:
    """Return the application, its worker started.

    Raises:
        SettingsError: the settings have faults.
        KeysRefusedError: the signing keys cannot be used.

    """
    settings, clock = load_settings(), SystemClock()
    configure_logging(clock)
    built = build(settings, clock)
    app = assemble(built)
    if settings.server.runs_worker:
        build_background(built).start()
    return app


def build_worker(settings: Settings, clock: Clock) -> OutboxWorker:
    """Return the worker of a process that answers nobody, not started."""
    configure_logging(clock)
    return build_background(build(settings, clock))
