"""The databases that are measured: SQLite, and PostgreSQL where there is one."""

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.support.postgresql import PostgresqlServer, find_program

KINDS = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class DatabaseServer:
    """Makes empty databases of one kind; the CPU time of the trees of `roots` is theirs."""

    kind: str
    create: Callable[[], str]
    roots: tuple[int, ...] = ()


def add_databases_option(parser: argparse.ArgumentParser) -> None:
    """Let one choose the kinds of database; unless told, those there are."""
    kinds = [kind for kind in KINDS if kind != "postgresql" or _has_postgresql()]
    parser.add_argument("--databases", nargs="+", choices=KINDS, default=kinds)


@contextmanager
def open_servers(kinds: Sequence[str]) -> Iterator[tuple[Path, Sequence[DatabaseServer]]]:
    """Give a temporary folder and a server of each kind; all of it ends with the `with`."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="idp-bench-")))
        yield folder, [_open_server(kind, folder, stack) for kind in kinds]


def _open_server(kind: str, folder: Path, stack: ExitStack) -> DatabaseServer:
    if kind == "sqlite":
        numbers = count(1)
        return DatabaseServer(kind, lambda: f"sqlite:///{folder}/{next(numbers)}.sqlite3")
    server = stack.enter_context(closing(PostgresqlServer(is_durable=True)))
    return DatabaseServer(kind, lambda: server.url(server.create_database()), (server.pid,))


def _has_postgresql() -> bool:
    try:
        find_program("postgres")
    except FileNotFoundError:
        return False
    return True
