"""One process of `idp serve`: the application, and what runs beside it."""

from collections.abc import Iterator

import structlog
from flask import Flask

from idp.app.background import build_background
from idp.app.keys import open_keys
from idp.app.services import build
from idp.app.storage import open_database
from idp.app.wsgi import assemble
from idp.clock import Clock, SystemClock
from idp.outbound.logs import configure_logging
from idp.outbound.worker import OutboxWorker
from idp.settings import Settings, load_settings
from idp.signing.errors import KeysRefusedError
from idp.store.errors import StoreUnavailableError, UnsafeFileError
from idp.store.migrations import check


def find_start_faults(settings: Settings, clock: Clock) -> Iterator[str]:
    """Yield what keeps the provider from starting, a sentence each.

    A database that is away is none: sign-ins answer 503 until it is back.
    """
    try:
        open_keys(settings, clock)
    except KeysRefusedError as error:
        yield from (str(fault) for fault in error.faults)
    try:
        database = open_database(settings)
        if complaint := check(database.engines):
            yield complaint
        database.close()
    except UnsafeFileError as error:
        yield str(error)
    except StoreUnavailableError as error:
        structlog.get_logger("idp.serve").warning("database.away", error=str(error))


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
