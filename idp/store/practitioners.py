"""The insurer's directory: read one by one, imported by the thousand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, select, update

from idp.accounts.practitioner import Practitioner
from idp.store.records import read_record, read_records, to_values
from idp.store.statements import NOW, insert_or_replace
from idp.store.tables import practitioners
from idp.store.transaction import Transaction

PAGE_SIZE = 1000

NUMBERS: BindParameter[str] = bindparam("numbers", expanding=True)
IS_OPEN = practitioners.c.closed_at.is_(None)

FIND = select(practitioners).where(practitioners.c.finess == bindparam("finess"))
FIND_SOME = select(practitioners).where(practitioners.c.finess.in_(NUMBERS))
FIND_OPEN_PAGE = (
    select(practitioners.c.finess)
    .where(practitioners.c.finess > bindparam("last"), IS_OPEN)
    .order_by(practitioners.c.finess)
    .limit(PAGE_SIZE)
)
SAVE = insert_or_replace(practitioners)
CLOSE = (
    update(practitioners).where(practitioners.c.finess.in_(NUMBERS), IS_OPEN).values(closed_at=NOW)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCounts:
    """What an import did to the directory."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "ImportCounts") -> "ImportCounts":
        return ImportCounts(
            added=self.added + other.added,
            changed=self.changed + other.changed,
            unchanged=self.unchanged + other.unchanged,
        )


class SqlPractitioners:
    """Implements `idp.accounts.ports.Practitioners`, and what the import needs."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(self, finess: str) -> Practitioner | None:
        """Return the practitioner of that number, closed ones included."""
        return read_record(Practitioner, self._transaction.read_one(FIND, {"finess": finess}))

    def find_some(self, numbers: Sequence[str]) -> dict[str, Practitioner]:
        """Return those of these that there are, by number, closed ones included."""
        rows = self._transaction.read_all(FIND_SOME, {"numbers": list(numbers)})
        return {found.finess: found for found in read_records(Practitioner, rows)}

    def save(self, practitioner: Practitioner) -> None:
        """Add or replace the row of this FINESS number."""
        self._transaction.change_later(SAVE, to_values(practitioner))

    def import_batch(self, rows: Sequence[Practitioner], now: datetime) -> ImportCounts:
        """Add new rows, replace changed ones (dated `now`), leave the others untouched.

        A thousand rows at a time is quick; each FINESS may occur once among them. A row that was
        closed and comes back is open again.
        """
        known = self.find_some([row.finess for row in rows])
        written = [
            replace(row, updated_at=now) for row in rows if not _is_same(row, known.get(row.finess))
        ]
        if written:
            self._transaction.change(SAVE, [to_values(row) for row in written])
        added = sum(row.finess not in known for row in written)
        return ImportCounts(
            added=added, changed=len(written) - added, unchanged=len(rows) - len(written)
        )

    def find_open_numbers(self) -> Iterator[str]:
        """Give the FINESS of every practitioner that is not closed, in order, page by page."""
        last = ""
        while page := self._transaction.read_all(FIND_OPEN_PAGE, {"last": last}):
            yield from (row.finess for row in page)
            last = page[-1].finess

    def close_batch(self, numbers: Sequence[str], now: datetime) -> int:
        """Close those of these that are open (a thousand at a time); return how many."""
        return self._transaction.change(CLOSE, {"numbers": list(numbers), "now": now}).number


def _is_same(row: Practitioner, known: Practitioner | None) -> bool:
    return known is not None and replace(row, updated_at=known.updated_at) == known
