"""Fills the tables with a past, millions of rows in minutes: they are made inside the database.

Keys are spread as random ones are: whatever is added later falls between them, on pages that are
not at hand.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine, create_engine, event, text

from bench.past_rows import Row
from idp.store.columns import MICROSECOND, to_microseconds

_HEXADECIMAL = "0123456789abcdef"
_BASE64 = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_FACTOR = 2654435761  # Knuth's: multiplied by it, numbers that follow each other lie far apart
_ACCOUNT = "(1 + n % CAST(:accounts AS BIGINT))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What is numbered `first` to `last`, counted by `every`, happened one `step` after another.

    It is spread over so many `accounts`. Sessions last for `life`.
    """

    first: int
    last: int
    begins_at: datetime
    step: timedelta
    accounts: int
    life: timedelta = timedelta(hours=12)
    every: int = 1

    def to_parameters(self) -> dict[str, int]:
        """Return what the statement takes: durations and moments in microseconds."""
        return {
            "first": self.first,
            "last": self.last,
            "every": self.every,
            "accounts": self.accounts,
            "begins_at": to_microseconds(self.begins_at),
            "step": self.step // MICROSECOND,
            "life": self.life // MICROSECOND,
        }

    def cut(self, size: int) -> Iterator["Stretch"]:
        """Return it in pieces of so many numbers at most."""
        for first in range(self.first, self.last + 1, size):
            begins_at = self.begins_at + (first - self.first) * self.step
            last = min(first + size - 1, self.last)
            yield replace(self, first=first, last=last, begins_at=begins_at)


def _spread(number: str, alphabet: str, *, letters: int) -> str:
    """Return the SQL of a text that differs for each number, in no visible order."""
    size = len(alphabet)
    digits = [f"{number} * {_FACTOR} / {size**place} % {size}" for place in range(letters)]
    picked = [f"substr('{alphabet}', CAST(1 + {digit} AS INTEGER), 1)" for digit in digits]
    return " || ".join((*picked, number))


_PARTS = {
    "id": _spread("n", _HEXADECIMAL, letters=4),
    "digest": _spread("n", _BASE64, letters=3),
    "sub": _spread(_ACCOUNT, _HEXADECIMAL, letters=4),
    "finess": f"CAST(100000000 + {_ACCOUNT} AS TEXT)",
}
_INSERT = """
INSERT INTO {table} ({columns})
WITH RECURSIVE numbers(n) AS (
    SELECT CAST(:first AS BIGINT) UNION ALL SELECT n + :every FROM numbers WHERE n + :every <= :last
), past AS (
    SELECT n, :begins_at + (n - :first) * :step AS at,
        {id} || '-4000-8000-000000000000' AS id,
        {digest} || '0123456789abcdefghijklmnopqrstuvw' AS digest,
        {sub} || '-4000-8000-000000000000' AS sub,
        {finess} AS finess
    FROM numbers
)
SELECT {values} FROM past
"""


def open_to_fill(url: str) -> Engine:
    """Return an engine that writes as fast as it can: a power cut may cost what it wrote."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _hurry)
    return engine


def _hurry(connection: sqlite3.Connection, _: object) -> None:
    for pragma in ("synchronous=OFF", "cache_size=-262144"):
        connection.execute(f"PRAGMA {pragma}")


def add_rows(engine: Engine, tables: Mapping[str, Row], stretch: Stretch) -> None:
    """Add a stretch of rows to each of the tables, in one transaction."""
    with engine.begin() as connection:
        for table, row in tables.items():
            statement = _INSERT.format(
                table=table, columns=", ".join(row), values=", ".join(row.values()), **_PARTS
            )
            connection.execute(text(statement), stretch.to_parameters())
