"""A bar that shows how far an import is, and the lines told above it."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress

from idp.cli.table_file import TableFile


class ImportProgress:
    """Shown on a terminal alone, and gone when the import is over; what was told stays."""

    def __init__(self, console: Console, table: TableFile) -> None:
        self._console = console
        self._bar = Progress(console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task(table.path.name, total=table.line_count)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def reach(self, line: int) -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=line)

    def tell(self, text: str) -> None:
        """Print a line above the bar, as it is."""
        self._console.print(text, markup=False, soft_wrap=True)
