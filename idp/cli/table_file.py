"""Tables as people save them: CSV with semicolons or commas, in UTF-8 or Windows-1252.

A file is read row by row, so that its size costs time and no memory. No cell is ever printed: a
directory holds IBANs.
"""

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

import click

_ENCODINGS = ("utf-8-sig", "cp1252")
_CHUNK_LENGTH = 1 << 16


class TableRefusedError(click.ClickException):
    """The file as a whole cannot be read: exit code 2, nothing was done."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: the line it begins on, its cells by the names of the columns, or what is wrong."""

    line: int
    cells: Mapping[str, str] = field(repr=False)
    fault: str | None = None


class TableFile:
    """A CSV file; `columns` are those of its header row, `line_count` how many lines it has.

    Args:
        path: the file.
        required: the columns it must have, in any order.
        optional: the columns it may have besides.

    Raises:
        TableRefusedError: it is in no known encoding, or its header row is not of these columns.

    """

    def __init__(
        self, path: Path, *, required: Collection[str], optional: Collection[str] = ()
    ) -> None:
        self.path = path
        self._encoding, self.line_count = _find_encoding(path)
        with path.open(encoding=self._encoding, newline="") as stream:
            header = stream.readline()
        self._delimiter = ";" if header.count(";") >= header.count(",") else ","
        names = next(csv.reader([header], delimiter=self._delimiter), [])
        self.columns = tuple(name.strip().lower() for name in names)
        if complaint := _find_header_fault(self.columns, required, optional):
            raise TableRefusedError(f"{path}: the header row {complaint}")

    def read_batches(self, size: int) -> Iterator[list[TableRow]]:
        """Give the rows under the header, `size` at a time, empty ones left out."""
        rows = self._read_rows()
        while batch := list(islice(rows, size)):
            yield batch

    def _read_rows(self) -> Iterator[TableRow]:
        with self.path.open(encoding=self._encoding, newline="") as stream:
            reader = csv.reader(stream, delimiter=self._delimiter, strict=True)
            next(reader)
            line = reader.line_num + 1
            while (row := self._read_row(reader, line)) is not None:
                line = reader.line_num + 1
                if row.fault or any(row.cells.values()):
                    yield row

    def _read_row(self, reader: Iterator[Sequence[str]], line: int) -> TableRow | None:
        try:
            values = next(reader, None)
        except csv.Error as error:
            return TableRow(line, {}, f"is no CSV: {error}")
        if values is None:
            return None
        cells = [value.strip() for value in values]
        if any(cells) and len(cells) != len(self.columns):
            reason = f"has {len(cells)} columns where the header has {len(self.columns)}"
            return TableRow(line, {}, reason)
        return TableRow(line, dict(zip(self.columns, cells, strict=False)))


def _find_encoding(path: Path) -> tuple[str, int]:
    """Return the first encoding in which the whole file can be read, and the number of lines."""
    for encoding in _ENCODINGS:
        try:
            with path.open(encoding=encoding, newline="") as stream:
                chunks = iter(partial(stream.read, _CHUNK_LENGTH), "")
                return encoding, sum(chunk.count("\n") for chunk in chunks)
        except UnicodeDecodeError:
            continue
    raise TableRefusedError(f"{path} is neither in UTF-8 nor in Windows-1252")


def _find_header_fault(
    columns: Sequence[str], required: Collection[str], optional: Collection[str]
) -> str | None:
    known = [*required, *optional]
    if missing := [name for name in required if name not in columns]:
        return f"lacks {', '.join(missing)} (is it CSV in UTF-8 or Windows-1252?)"
    if strange := [name for name in columns if name not in known]:
        return (
            f"has columns unknown here: {', '.join(map(repr, strange))}; known: {', '.join(known)}"
        )
    if len(set(columns)) < len(columns):
        return "names a column twice"
    return None
