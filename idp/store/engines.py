"""How each database is spoken to: two engines over SQLite, one over PostgreSQL.

Connections are in the driver's AUTOCOMMIT: a read costs no BEGIN and no COMMIT, a single write
commits itself, and a transaction is begun and committed by name (`transaction.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from idp.store.cursor import PlainCursor
from idp.store.errors import StoreUnavailableError
from idp.store.ping import listen_for_idle_connections

# A database host that vanished without a word is noticed in about ten seconds, not in the quarter
# of an hour that TCP waits by itself. The server's own limits cannot help then.
_DEAD_HOST_OPTIONS = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """How many connections, and how long to wait: for a statement, for a lock or a connection.

    SQLite has no limit on a statement's time.
    """

    pool_size: int
    statement_timeout: timedelta
    lock_timeout: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """`reader` and `writer` are one and the same on PostgreSQL; `begin` opens a transaction."""

    reader: Engine
    writer: Engine
    begin: str

    @property
    def is_postgresql(self) -> bool:
        """Whether the database is PostgreSQL; else it is SQLite."""
        return self.reader is self.writer

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.reader.dispose()
        self.writer.dispose()


def make_engines(url: URL, options: EngineOptions) -> Engines:
    """Return the engines for a SQLite or PostgreSQL address; nothing is connected yet."""
    backend = url.get_backend_name()
    if backend == "sqlite":
        return _make_sqlite_engines(url, options)
    if backend != "postgresql":
        raise ValueError(f"{backend} is neither sqlite nor postgresql")
    return _make_postgresql_engines(url.set(drivername="postgresql+psycopg"), options)


def connect(engine: Engine) -> Connection:
    """Take a connection from the pool.

    Raises:
        StoreUnavailableError: the database cannot be reached, or no connection came free in time.

    """
    try:
        return engine.connect()
    except PoolTimeoutError as error:
        raise StoreUnavailableError("no connection came free in time") from error


def _make_sqlite_engines(url: URL, options: EngineOptions) -> Engines:
    """One writer a process: its threads queue for it instead of polling for the lock."""
    arguments = {"timeout": options.lock_timeout.total_seconds()}
    reader = _make_engine(url, options, arguments)
    writer = _make_engine(url, options, arguments, pool_size=1)
    event.listen(reader, "connect", _run_pragmas("query_only=ON"))
    event.listen(
        writer,
        "connect",
        _run_pragmas("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"),
    )
    return Engines(reader=reader, writer=writer, begin="BEGIN IMMEDIATE")


def _make_postgresql_engines(url: URL, options: EngineOptions) -> Engines:
    limits = {
        "statement_timeout": options.statement_timeout,
        "lock_timeout": options.lock_timeout,
        "idle_in_transaction_session_timeout": options.statement_timeout,
    }
    settings = " ".join(f"-c {name}={_milliseconds(limit)}" for name, limit in limits.items())
    arguments = {
        "options": settings,
        "application_name": "idp",
        "cursor_factory": PlainCursor,
        **_DEAD_HOST_OPTIONS,
    }
    engine = _make_engine(url, options, arguments)
    listen_for_idle_connections(engine)
    return Engines(reader=engine, writer=engine, begin="BEGIN")


def _make_engine(
    url: URL, options: EngineOptions, arguments: dict[str, Any], *, pool_size: int | None = None
) -> Engine:
    """Parameters stay out of error messages: they hold names, addresses and digests."""
    engine = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        pool_reset_on_return=None,
        pool_use_lifo=True,
        pool_size=pool_size or options.pool_size,
        max_overflow=0,
        pool_timeout=options.lock_timeout.total_seconds(),
        hide_parameters=True,
        connect_args=arguments,
        execution_options={"preserve_rowcount": True},
    )
    event.listen(engine, "handle_error", _tell_unavailable)
    return engine


def _tell_unavailable(context: ExceptionContext) -> None:
    away = (OperationalError, InterfaceError, InternalError)
    if context.is_disconnect or isinstance(context.sqlalchemy_exception, away):
        raise StoreUnavailableError(str(context.original_exception))


def _run_pragmas(*pragmas: str) -> Callable[[Any, object], None]:
    def run(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's connection
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    return run


def _milliseconds(limit: timedelta) -> int:
    return limit // timedelta(milliseconds=1)
