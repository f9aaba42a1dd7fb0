"""The databases that a provider is measured on: SQLite, and PostgreSQL where there is one."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from tests.support.postgresql import PostgresqlServer, find_program


@dataclass(frozen=True, slots=True)
class Database:
    """An empty database; the CPU time of the trees of `roots` is its own."""

    name: str
    url: str
    roots: tuple[int, ...] = ()


def find_databases(folder: Path, stack: ExitStack) -> Iterator[Database]:
    """Yield each database there is; what was started for it ends with the stack."""
    yield Database("sqlite", f"sqlite:///{folder}/idp.sqlite3")
    if _has_postgresql():
        server = stack.enter_context(closing(PostgresqlServer(is_durable=True)))
        yield Database("postgresql", server.url(server.create_database()), (server.pid,))


def _has_postgresql() -> bool:
    try:
        find_program("postgres")
    except FileNotFoundError:
        return False
    return True
