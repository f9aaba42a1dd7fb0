"""How many statements and commits something costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, event

from idp.store.database import Database

OPEN = "is in a transaction"


@dataclass(slots=True)
class StatementCounts:
    """The SQL that ran, but for BEGIN, COMMIT and ROLLBACK, and how often something was committed.

    A change outside a transaction commits itself.
    """

    statements: list[str] = field(default_factory=list)
    commits: int = 0

    def take(self, connection: Connection, statement: str) -> None:
        """Count one statement."""
        word = statement.split(maxsplit=1)[0]
        if word in {"BEGIN", "COMMIT", "ROLLBACK"}:
            connection.info[OPEN] = word == "BEGIN"
            self.commits += word == "COMMIT"
            return
        self.statements.append(statement)
        if not statement.startswith("SELECT") and not connection.info.get(OPEN):
            self.commits += 1


@contextmanager
def count_statements(database: Database) -> Iterator[StatementCounts]:
    """Count, inside the `with`, what every thread sends to the database."""
    counts = StatementCounts()

    def take(connection: Connection, _cursor: object, statement: str, *_rest: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        counts.take(connection, statement)

    listened_to = {database.engines.reader, database.engines.writer}
    for engine in listened_to:
        event.listen(engine, "before_cursor_execute", take)
    try:
        yield counts
    finally:
        for engine in listened_to:
            event.remove(engine, "before_cursor_execute", take)
