"""What a database says of itself: its version, and what time it has."""

from dataclasses import dataclass
from datetime import UTC, datetime

from idp.store.engines import Engines, connect


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSigns:
    """`version` by numbers, the greatest first; `clock` is None where it is this machine's."""

    name: str
    version: tuple[int, ...]
    clock: datetime | None


def look_at_database(engines: Engines) -> DatabaseSigns:
    """Ask the database. Raises StoreUnavailableError: it is away."""
    with connect(engines.reader) as connection:
        if not engines.is_postgresql:
            version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
            return DatabaseSigns(name="SQLite", version=_read_version(version), clock=None)
        number = connection.exec_driver_sql("SHOW server_version").scalar_one()
        seconds = connection.exec_driver_sql(
            "SELECT extract(epoch FROM clock_timestamp())::float8"
        ).scalar_one()
    clock = datetime.fromtimestamp(seconds, UTC)
    return DatabaseSigns(name="PostgreSQL", version=_read_version(number), clock=clock)


def _read_version(text: str) -> tuple[int, ...]:
    """Read "16.2 (Debian 16.2-1)" as (16, 2)."""
    return tuple(int(part) for part in text.split(maxsplit=1)[0].split(".") if part.isdecimal())
