"""The steps from an empty database to today's schema, and how they are taken.

Two versions of the program run side by side while one replaces the other, so a change comes in two
releases: first expand (add a table, a column with a default), later contract (remove what no
running version uses). Steps go forward only; the way back is a backup.
"""

from datetime import timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url

from idp.store.engines import EngineOptions, Engines, connect, make_engines
from idp.store.sqlite_files import prepare_database_file

UNHURRIED = EngineOptions(
    pool_size=1, statement_timeout=timedelta(hours=4), lock_timeout=timedelta(minutes=1)
)
LOCK_TAKEN_WHILE_UPGRADING = 7_261_001


def upgrade(url: str, *, revision: str = "head") -> None:
    """Bring the database at this address to today's schema (or an earlier one) in one transaction.

    Several processes may call it at once: the others wait, and find nothing left to do.

    Raises:
        StoreUnavailableError: the database cannot be reached.
        UnsafeFileError: the SQLite file is open to others on this machine.

    """
    address = make_url(url)
    prepare_database_file(address)
    engines = make_engines(address, UNHURRIED)
    try:
        with connect(engines.writer) as connection:
            _upgrade_in_transaction(connection, engines, revision)
    finally:
        engines.dispose()


def check(engines: Engines) -> str | None:
    """Return what is wrong with the schema's version, as a sentence, or None."""
    with connect(engines.reader) as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    newest = _scripts().get_current_head()
    if current == newest:
        return None
    if current is None:
        return "The database has no tables yet: run idp db upgrade"
    if current in _known_revisions():
        return f"The database is at {current}, this program needs {newest}: run idp db upgrade"
    return f"The database is at {current}, which is newer than this program"


def _upgrade_in_transaction(connection: Connection, engines: Engines, revision: str) -> None:
    connection.exec_driver_sql(engines.begin)
    if engines.is_postgresql:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_TAKEN_WHILE_UPGRADING})")
    try:
        command.upgrade(_config(connection), revision)
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _known_revisions() -> set[str]:
    return {script.revision for script in _scripts().walk_revisions()}
