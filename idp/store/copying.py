"""Carries an installation over to another database: from SQLite to PostgreSQL, above all."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import Connection, Engine, Table, func, insert, literal, make_url, select

from idp.store.engines import Engines, connect, make_engines
from idp.store.migrations import UNHURRIED, check, upgrade
from idp.store.tables import metadata

ROWS_AT_ONCE = 1000


class CopyRefusedError(Exception):
    """Nothing was copied; the message says why."""


def copy_database(source: str, target: str) -> dict[str, int]:
    """Copy every row from one address to another that holds none; return the rows of each table.

    The target's schema is made first. The source is read as it is at one moment: stop the provider
    before, or what it writes meanwhile stays behind.

    Raises:
        CopyRefusedError: the source is not up to date, or the target holds rows.
        StoreUnavailableError: one of them is away; the target then holds nothing.

    """
    upgrade(target)
    with _open(source) as there, _open(target) as here:
        if complaint := check(there):
            raise CopyRefusedError(f"the source: {complaint}")
        with _reading(there) as reader, _writing(here) as writer:
            _refuse_rows(writer)
            return {
                table.name: _copy_table(table, reader, writer) for table in metadata.sorted_tables
            }


def _copy_table(table: Table, reader: Connection, writer: Connection) -> int:
    copied = 0
    result = reader.execute(select(table).execution_options(yield_per=ROWS_AT_ONCE))
    for rows in result.mappings().partitions():
        writer.execute(insert(table), [dict(row) for row in rows])
        copied += len(rows)
    if copied != writer.execute(select(func.count()).select_from(table)).scalar_one():
        raise CopyRefusedError(f"{table.name} changed while it was copied")
    return copied


def _refuse_rows(writer: Connection) -> None:
    for table in metadata.sorted_tables:
        if writer.execute(select(literal(1)).select_from(table).limit(1)).first():
            raise CopyRefusedError(
                f"the target holds rows already, in {table.name}: name an empty database"
            )


@contextmanager
def _open(url: str) -> Iterator[Engines]:
    engines = make_engines(make_url(url), UNHURRIED)
    try:
        yield engines
    finally:
        engines.dispose()


@contextmanager
def _reading(engines: Engines) -> Iterator[Connection]:
    """One moment's view: SQLite gives it to any transaction, PostgreSQL to this kind."""
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ" if engines.is_postgresql else "BEGIN"
    with _transaction(engines.reader, begin) as connection:
        yield connection


@contextmanager
def _writing(engines: Engines) -> Iterator[Connection]:
    with _transaction(engines.writer, engines.begin) as connection:
        yield connection


@contextmanager
def _transaction(engine: Engine, begin: str) -> Iterator[Connection]:
    with closing(connect(engine)) as connection:
        connection.exec_driver_sql(begin)
        try:
            yield connection
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")
