"""A database that is away, busy or unsafe: one error, a clear one, and back to work after."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from idp.audit_events import Event
from idp.secret_values import SecretKeys
from idp.store.database import Database
from idp.store.errors import StoreUnavailableError, UnsafeFileError
from idp.store.migrations import upgrade
from idp.store.unit_of_work import SqlUnitOfWork
from tests.integration.store.samples import CONTEXT, FINESS, make_account, make_practitioner
from tests.support.databases import Databases
from tests.support.postgresql import PostgresqlServer

SHORT = timedelta(milliseconds=200)


@pytest.fixture
def hasty(database_url: str, keys: SecretKeys) -> Iterator[Database]:
    """A database of one connection, with no patience, on each kind in turn."""
    database = Database(
        database_url, keys=keys, pool_size=1, lock_timeout=SHORT, statement_timeout=SHORT
    )
    yield database
    database.close()


def save(unit: SqlUnitOfWork) -> None:
    """Write one row."""
    unit.practitioners.save(make_practitioner())
    unit.commit()


def test_no_free_connection_is_an_unavailable_store(hasty: Database) -> None:
    """The wait for one is as short as the wait for a lock."""
    with hasty.unit_of_work(CONTEXT) as first, hasty.unit_of_work(CONTEXT) as second:
        first.practitioners.find(FINESS)
        with pytest.raises(StoreUnavailableError, match="no connection"):
            second.practitioners.find(FINESS)
    with hasty.unit_of_work(CONTEXT) as third:
        assert third.practitioners.find(FINESS) is None


def test_a_lock_that_lasts_is_an_unavailable_store(hasty: Database, database: Database) -> None:
    """And what was refused can be done once the lock is gone."""
    with database.unit_of_work(CONTEXT) as holder, hasty.unit_of_work(CONTEXT) as waiter:
        save(holder)
        holder.practitioners.import_batch([make_practitioner(name="Held")], CONTEXT.clock.now())
        with pytest.raises(StoreUnavailableError):
            save(waiter)
        holder.rollback()
        save(waiter)


def test_a_failed_transaction_is_taken_back_and_its_connection_used_again(
    hasty: Database, database: Database
) -> None:
    """The one connection there is."""
    with database.unit_of_work(CONTEXT) as holder:
        save(holder)
        holder.accounts.add(make_account())
        with hasty.unit_of_work(CONTEXT) as waiter:
            waiter.audit.record(Event.LOGIN_FAILED)
            with pytest.raises(StoreUnavailableError):
                waiter.accounts.add(make_account())
    with hasty.unit_of_work(CONTEXT) as unit:
        save(unit)


def test_a_statement_that_takes_too_long_is_ended(
    postgresql_databases: Databases, keys: SecretKeys
) -> None:
    """PostgreSQL ends it; SQLite has no such limit."""
    url = postgresql_databases.url(postgresql_databases.create_empty())
    database = Database(url, keys=keys, statement_timeout=SHORT)
    with (
        pytest.raises(StoreUnavailableError, match="statement timeout"),
        database.engines.reader.connect() as connection,
    ):
        connection.execute(text("SELECT pg_sleep(5)"))
    database.close()


def test_a_server_that_was_restarted_is_found_again(
    keys: SecretKeys, own_server: PostgresqlServer
) -> None:
    """While it is away every unit fails clean; after, connections that died are replaced."""
    url = own_server.url(own_server.create_database())
    upgrade(url)
    database = Database(url, keys=keys, lock_timeout=SHORT)
    with database.unit_of_work(CONTEXT) as unit:
        save(unit)
        own_server.stop()
        with pytest.raises(StoreUnavailableError):
            unit.practitioners.find(FINESS)
        with pytest.raises(StoreUnavailableError):
            save(unit)
        own_server.start()
        unit.rollback()
        assert unit.practitioners.find(FINESS)
    database.close()


def test_a_transaction_that_lost_its_connection_is_not_gone_on_with(
    keys: SecretKeys, own_server: PostgresqlServer
) -> None:
    """Or its second half alone would be committed."""
    url = own_server.url(own_server.create_database())
    upgrade(url)
    database = Database(url, keys=keys)
    with database.unit_of_work(CONTEXT) as unit:
        unit.accounts.add(make_account())
        own_server.stop()
        own_server.start()
        for _ in range(2):
            with pytest.raises(StoreUnavailableError):
                unit.accounts.add(make_account(sub="another", finess="another"))
        with pytest.raises(StoreUnavailableError):
            unit.commit()
        unit.rollback()
        assert unit.accounts.add(make_account())
    database.close()


def test_an_idle_connection_is_tried_before_it_is_used(
    keys: SecretKeys, own_server: PostgresqlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a restart overnight costs no request in the morning."""
    monkeypatch.setattr("idp.store.ping.TRUSTED_SECONDS", 0.0)
    url = own_server.url(own_server.create_database())
    upgrade(url)
    database = Database(url, keys=keys)
    with database.unit_of_work(CONTEXT) as unit:
        save(unit)
        own_server.stop()
        own_server.start()
        assert unit.practitioners.find(FINESS)
    database.close()


@pytest.fixture
def own_server() -> Iterator[PostgresqlServer]:
    """A PostgreSQL server that this test may stop."""
    server = PostgresqlServer()
    yield server
    server.close()


def test_a_new_database_file_is_private(tmp_path: Path, keys: SecretKeys) -> None:
    """Its folder, and what SQLite lays beside it, too (attack case C110)."""
    file = tmp_path / "data" / "idp.db"
    upgrade(f"sqlite:///{file}")
    database = Database(f"sqlite:///{file}", keys=keys)
    with database.unit_of_work(CONTEXT) as unit:
        save(unit)
        modes = {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}
    assert modes == {"idp.db": 0o600, "idp.db-wal": 0o600, "idp.db-shm": 0o600}
    assert file.parent.stat().st_mode & 0o777 == 0o700
    database.close()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622])
def test_a_file_that_others_may_open_is_refused(
    tmp_path: Path, keys: SecretKeys, mode: int
) -> None:
    """With what to do about it."""
    file = tmp_path / "idp.db"
    file.touch()
    file.chmod(mode)
    with pytest.raises(UnsafeFileError, match="chmod 600"):
        Database(f"sqlite:///{file}", keys=keys)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://idp@127.0.0.1/idp"])
def test_an_address_that_cannot_serve_is_refused(keys: SecretKeys, url: str) -> None:
    """A database in memory would be another in each process."""
    with pytest.raises(ValueError, match=r"(?i)sqlite"):
        Database(url, keys=keys)


def test_a_symbolic_link_is_refused(tmp_path: Path, keys: SecretKeys) -> None:
    """Whoever can place one could choose which file is written."""
    file = tmp_path / "idp.db"
    file.symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(UnsafeFileError, match="symbolic link"):
        Database(f"sqlite:///{file}", keys=keys)


def test_the_readers_of_sqlite_cannot_write(tmp_path: Path, keys: SecretKeys) -> None:
    """A statement sent to the wrong engine fails at once."""
    file = tmp_path / "idp.db"
    upgrade(f"sqlite:///{file}")
    database = Database(f"sqlite:///{file}", keys=keys)
    with (
        pytest.raises(StoreUnavailableError, match="readonly"),
        database.engines.reader.connect() as connection,
    ):
        connection.execute(text("DELETE FROM meta"))
    database.close()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
