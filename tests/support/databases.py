"""Fresh databases of both kinds, so that one test runs on SQLite and on PostgreSQL."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Literal, get_args

from tests.support.postgresql import PostgresqlServer

Kind = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class SqliteFiles:
    """Makes SQLite databases in a folder: a database is its file's name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def url(self, database: str) -> str:
        """Return the SQLAlchemy address of one of its databases."""
        return f"sqlite:///{self._folder / database}"

    def create_database(self, *, template: str | None = None) -> str:
        """Create a database, a copy of `template` if one is named, and return its name."""
        name = f"test_{next(self._numbers)}.db"
        content = (self._folder / template).read_bytes() if template else b""
        file = self._folder / name
        file.touch(mode=0o600)
        file.write_bytes(content)
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database and what lies beside it."""
        for file in self._folder.glob(f"{name}*"):
            file.unlink()


class Databases:
    """Makes databases of one kind; those with the schema are copies of one migrated once."""

    def __init__(
        self, server: SqliteFiles | PostgresqlServer, upgrade: Callable[[str], None]
    ) -> None:
        self._server = server
        self._upgrade = upgrade
        self._template: str | None = None

    def create_empty(self) -> str:
        """Create a database without a table and return its name."""
        return self._server.create_database()

    def create_migrated(self) -> str:
        """Create a database with today's schema and return its name."""
        if self._template is None:
            self._template = self._server.create_database()
            self._upgrade(self._server.url(self._template))
        return self._server.create_database(template=self._template)

    def url(self, database: str) -> str:
        """Return the SQLAlchemy address of a database."""
        return self._server.url(database)

    def drop(self, database: str) -> None:
        """Remove a database."""
        self._server.drop_database(database)
