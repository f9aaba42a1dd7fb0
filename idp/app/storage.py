"""The database as the settings want it."""

from collections.abc import Callable, Mapping

from idp.app.secrets import build_secret_keys
from idp.settings import Settings
from idp.store.database import Database


def open_database(
    settings: Settings, *, tell_event: Callable[[Mapping[str, object]], None] | None = None
) -> Database:
    """Return the database; nothing is connected yet. `tell_event` gets each audit event.

    Raises:
        UnsafeFileError: the SQLite file is open to others on this machine.

    """
    return Database(
        settings.database.url.get_secret_value(),
        keys=build_secret_keys(settings),
        pool_size=settings.database.pool_size,
        statement_timeout=settings.database.statement_timeout,
        lock_timeout=settings.database.lock_timeout,
        audit_kept=settings.audit.retention,
        tell_event=tell_event,
    )
