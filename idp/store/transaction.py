"""How one unit of work runs its statements.

Reads go to a reader in AUTOCOMMIT until the first change opened a transaction; from then on they
go there, and see it. Three ways to change something:

- `change`: in the transaction, which it opens if there is none.
- `change_later`: nobody waits for its outcome. It is run at the commit, before the next change or
  before the next read. Where it is all that a unit writes, it commits itself: no BEGIN, no COMMIT.
- `change_alone`: what must happen once (an attempt, a code). It commits itself where no transaction
  is open, so that nothing later in the request takes it back.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Connection, Engine, Executable, Row

from idp.store.engines import Engines, connect
from idp.store.errors import StoreUnavailableError

Parameters: TypeAlias = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Changed(NamedTuple):
    """How many rows a statement changed, and what it returned of them."""

    number: int
    rows: Sequence[Row[Any]]


class Transaction:
    """The statements of one unit of work; not for two threads at once."""

    def __init__(self, engines: Engines) -> None:
        """Take the engines; a connection is taken from them with the first statement."""
        self._engines = engines
        self._reader: Connection | None = None
        self._writer: Connection | None = None
        self._is_open = False
        self._later: list[tuple[Executable, Mapping[str, Any]]] = []

    def read_one(self, statement: Executable, parameters: Parameters) -> Row[Any] | None:
        """Return the row of a statement that finds one at most, or None."""
        return self._connect_to_read().execute(statement, parameters).first()

    def read_all(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> Sequence[Row[Any]]:
        """Return every row."""
        return self._connect_to_read().execute(statement, parameters).all()

    def read_number(self, statement: Executable, parameters: Parameters | None = None) -> int:
        """Return the only value of the only row, a count."""
        return int(self._connect_to_read().execute(statement, parameters).scalar_one())

    def change(self, statement: Executable, parameters: Parameters) -> Changed:
        """Run a statement in the transaction."""
        self._open()
        return self._run(statement, parameters)

    def change_alone(self, statement: Executable, parameters: Parameters) -> Changed:
        """Run a statement that commits itself, unless a transaction is open or bound to be."""
        if self._later:
            self._open()
        changed = self._run(statement, parameters)
        if not self._is_open and not self._engines.is_postgresql:
            self._give_writer_back()
        return changed

    def change_later(self, statement: Executable, parameters: Mapping[str, Any]) -> None:
        """Keep a statement for the commit, or for when something has to come after it."""
        self._later.append((statement, parameters))

    def commit(self) -> None:
        """Make every change durable and give the connections back."""
        if len(self._later) > 1:
            self._open()
        self._run_later()
        if self._is_open:
            self._connect_to_write().exec_driver_sql("COMMIT")
            self._is_open = False
        self.close()

    def close(self) -> None:
        """Take back what was not committed and give the connections back."""
        self._later.clear()
        try:
            if self._is_open:
                self._roll_back()
        finally:
            self._is_open = False
            self._give_writer_back()
            if self._reader is not None:
                self._reader.close()
                self._reader = None

    def _open(self) -> None:
        if not self._is_open:
            self._connect_to_write().exec_driver_sql(self._engines.begin)
            self._is_open = True
        self._run_later()

    def _run_later(self) -> None:
        """Run what was kept; the same statement several times in a row is sent as one."""
        later, self._later = self._later, []
        for _, same in groupby(later, key=lambda kept: id(kept[0])):
            statements, parameters = zip(*same, strict=True)
            self._run(statements[0], parameters if len(parameters) > 1 else parameters[0])

    def _run(self, statement: Executable, parameters: Parameters) -> Changed:
        result = self._connect_to_write().execute(statement, parameters)
        if not result.returns_rows:
            return Changed(result.rowcount, ())
        rows = result.all()
        return Changed(len(rows), rows)

    def _connect_to_read(self) -> Connection:
        if self._later:
            self._open()
        if self._is_open:
            return self._connect_to_write()
        self._reader = self._find_live(self._reader, self._engines.reader)
        return self._reader

    def _connect_to_write(self) -> Connection:
        """On PostgreSQL the reader's connection does for both."""
        if self._engines.is_postgresql:
            self._reader = self._find_live(self._reader, self._engines.reader)
            return self._reader
        self._writer = self._find_live(self._writer, self._engines.writer)
        return self._writer

    def _find_live(self, connection: Connection | None, engine: Engine) -> Connection:
        if connection is None:
            return connect(engine)
        if not connection.invalidated:
            return connection
        if self._is_open:
            raise StoreUnavailableError("the connection was lost in the middle of a transaction")
        connection.close()
        return connect(engine)

    def _roll_back(self) -> None:
        """A connection that cannot roll back is thrown away: the database then does it."""
        connection = self._reader if self._engines.is_postgresql else self._writer
        if connection is None or connection.invalidated:
            return
        try:
            connection.exec_driver_sql("ROLLBACK")
        except StoreUnavailableError:
            connection.invalidate()

    def _give_writer_back(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
