"""The bad rows of a file: counted, and told with their line and the reason."""

from collections.abc import Callable
from typing import TypeAlias

from idp.accounts.directory import read_finess
from idp.accounts.errors import DirectoryRowRefusedError
from idp.cli.table_file import TableRow

Tell: TypeAlias = Callable[[str], None]


class RowCheck:
    """The rows of one file; `lines` has the line of every FINESS that was read, good or bad."""

    def __init__(self, tell: Tell) -> None:
        """Take what prints a line."""
        self._tell = tell
        self.bad = 0
        self.without_finess = 0
        self.lines: dict[str, int] = {}

    def read_finess(self, row: TableRow) -> str | None:
        """Return the row's FINESS number; None, and told, where it has none or a known one."""
        try:
            finess = read_finess(row.cells.get("finess", ""))
        except DirectoryRowRefusedError as error:
            self.without_finess += 1
            self.refuse(row, row.fault or str(error))
            return None
        first = self.lines.setdefault(finess, row.line)
        if first != row.line:
            self.refuse(row, f"{finess}: stands on line {first} already")
            return None
        return finess

    def refuse(self, row: TableRow, reason: str) -> None:
        """Count a bad row, and tell why it is one."""
        self.bad += 1
        self._tell(f"line {row.line}: {reason}")
