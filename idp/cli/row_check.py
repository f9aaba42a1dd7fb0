"""The bad rows of a file: counted, and told with their line and the reason."""

import sqlite3
from collections.abc import Callable
from typing import TypeAlias
from weakref import finalize

from idp.accounts.directory import read_finess
from idp.accounts.errors import DirectoryRowRefusedError
from idp.cli.table_file import TableRow

Tell: TypeAlias = Callable[[str], None]


class SeenNumbers:
    """The line on which each FINESS number stood first.

    Kept in a file of SQLite's own that nobody else sees, and that is gone with this object: a list
    may be as long as it likes and take no more memory.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._database = sqlite3.connect("")
        self._database.execute("CREATE TABLE seen (finess PRIMARY KEY, line) WITHOUT ROWID")
        finalize(self, self._database.close)

    def see(self, finess: str, line: int) -> int:
        """Return the line on which this number stood first: an earlier one, or this."""
        self._database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (finess, line))
        return self._find_line(finess) or line

    def __contains__(self, finess: str) -> bool:
        return self._find_line(finess) is not None

    def _find_line(self, finess: str) -> int | None:
        found = self._database.execute("SELECT line FROM seen WHERE finess = ?", (finess,))
        row = found.fetchone()
        return int(row[0]) if row else None


class RowCheck:
    """The rows of one file; `seen` has every FINESS that was read, good or bad."""

    def __init__(self, tell: Tell) -> None:
        """Take what prints a line."""
        self._tell = tell
        self.bad = 0
        self.without_finess = 0
        self.seen = SeenNumbers()

    def read_finess(self, row: TableRow) -> str | None:
        """Return the row's FINESS number; None, and told, where it has none or a known one."""
        try:
            finess = read_finess(row.cells.get("finess", ""))
        except DirectoryRowRefusedError as error:
            self.without_finess += 1
            self.refuse(row, row.fault or str(error))
            return None
        first = self.seen.see(finess, row.line)
        if first != row.line:
            self.refuse(row, f"{finess}: stands on line {first} already")
            return None
        return finess

    def refuse(self, row: TableRow, reason: str) -> None:
        """Count a bad row, and tell why it is one."""
        self.bad += 1
        self._tell(f"line {row.line}: {reason}")
