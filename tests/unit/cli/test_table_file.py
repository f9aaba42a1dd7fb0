"""Tables are read row by row."""

import tracemalloc
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from rich.console import Console

from idp.cli.import_progress import ImportProgress
from idp.cli.table_file import TableFile
from tests.support.directory_list import HEADER, write_list

KIBIBYTE = 1024


def write_rows(file: Path, count: int) -> TableFile:
    """Write a table of so many rows."""
    row = {"finess": "750000010", "name": "Pharmacie des Lilas"}
    return TableFile(write_list(file, [row] * count), required=HEADER)


def measure_peak(batches: Iterable[object]) -> int:
    """Return the most memory held while these were gone through, in bytes."""
    tracemalloc.start()
    for _ in batches:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_size_costs_no_memory(tmp_path: Path) -> None:
    """A table of ten times the rows takes as much memory as the small one."""
    small = measure_peak(write_rows(tmp_path / "small.csv", 2_000).read_batches(100))
    large = measure_peak(write_rows(tmp_path / "large.csv", 20_000).read_batches(100))
    assert abs(large - small) < 64 * KIBIBYTE


def test_batches_hold_so_many_rows(tmp_path: Path) -> None:
    """The last one what is left; each row knows its line."""
    batches = list(write_rows(tmp_path / "table.csv", 25).read_batches(10))
    assert [len(batch) for batch in batches] == [10, 10, 5]
    assert [row.line for row in batches[2]] == [22, 23, 24, 25, 26]


def test_progress_is_shown_on_a_terminal_alone(tmp_path: Path) -> None:
    """With the name of the file; what is told stands above it as it is, brackets and all."""
    table = write_rows(tmp_path / "liste.csv", 25)
    screens = []
    for is_terminal in (True, False):
        console = Console(file=StringIO(), force_terminal=is_terminal, highlight=False)
        with ImportProgress(console, table) as progress:
            progress.reach(10)
            progress.tell("line 3: [bold] is no name")
        screens.append(console.file.getvalue())  # type: ignore[attr-defined]
    assert "liste.csv" in screens[0]
    assert "line 3: [bold] is no name" in screens[0]
    assert screens[1] == "line 3: [bold] is no name\n"
