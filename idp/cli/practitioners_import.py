"""What `idp practitioners import` does: check each row, load the good ones a thousand at a time.

Each thousand is a transaction of its own, short enough for sign-ins to go on beside it. Running the
import again takes up whatever an interrupted one left.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from idp.accounts.admin import enable_account
from idp.accounts.directory import (
    LEFT_DIRECTORY,
    DirectoryRow,
    list_changes,
    merge_row,
    read_row,
)
from idp.accounts.errors import DirectoryRowRefusedError
from idp.accounts.finess import has_right_key
from idp.audit_events import Event
from idp.cli.row_check import RowCheck, Tell
from idp.cli.table_file import TableFile, TableRow
from idp.store.practitioners import ImportCounts

if TYPE_CHECKING:
    from idp.accounts.practitioner import Practitioner
    from idp.cli.toolbox import Toolbox
    from idp.store.unit_of_work import SqlUnitOfWork

_BATCH_SIZE = 1000


@dataclass
class DirectoryReport:
    """What became of the list."""

    rows: RowCheck
    counts: ImportCounts = field(default_factory=ImportCounts)
    warnings: int = 0

    def __str__(self) -> str:
        counts = self.counts
        loaded = f"{counts.added} added, {counts.changed} changed, {counts.unchanged} unchanged"
        return f"{loaded}; {self.rows.bad} bad, {self.warnings} with a warning"


class DirectoryImport:
    """One run over one file; `tell` gets a line for each bad row and each warning."""

    def __init__(self, toolbox: "Toolbox", *, is_dry_run: bool, tell: Tell) -> None:
        self._toolbox = toolbox
        self._is_dry_run = is_dry_run
        self._tell = tell
        self._now = toolbox.clock.now()
        self.report = DirectoryReport(RowCheck(tell))

    def run(self, table: TableFile) -> Iterator[int]:
        """Load the table; give the line reached after each batch."""
        for rows in table.read_batches(_BATCH_SIZE):
            self._load([checked for row in rows if (checked := self._check(row))])
            yield rows[-1].line

    def _check(self, row: TableRow) -> DirectoryRow | None:
        """Return the row if it is good."""
        finess = self.report.rows.read_finess(row)
        if finess is None:
            return None
        try:
            checked = read_row(finess, row.cells)
        except DirectoryRowRefusedError as error:
            self.report.rows.refuse(row, f"{finess}: {error}")
            return None
        if not has_right_key(finess):
            self.report.warnings += 1
            self._tell(f"line {row.line}: warning: {finess} has a wrong check digit; loaded")
        return checked

    def _load(self, rows: list[DirectoryRow]) -> None:
        """Write in the order of the numbers, so that two imports at once never wait in a circle."""
        rows.sort(key=lambda row: row.finess)
        with self._toolbox.unit_of_work() as unit:
            known = unit.practitioners.find_some([row.finess for row in rows])
        if not self._is_dry_run:
            for practitioner in known.values():
                self._reopen(practitioner)
        keys = self._toolbox.iban_keys
        with self._toolbox.unit_of_work() as unit:
            merged = [merge_row(row, known.get(row.finess), keys) for row in rows]
            self.report.counts += unit.practitioners.import_batch(merged, self._now)
            for practitioner in merged:
                _record(unit, known.get(practitioner.finess), practitioner)
            if self._is_dry_run:
                unit.rollback()

    def _reopen(self, practitioner: "Practitioner") -> None:
        """Enable the account of who comes back, if leaving the list was all that disabled it.

        Before the directory is written: an import that broke off between the two does it again.
        """
        if practitioner.closed_at is None:
            return
        with self._toolbox.visit() as visit:
            account = visit.uow.accounts.find_by_finess(practitioner.finess)
            if account and account.disabled_reason == LEFT_DIRECTORY:
                enable_account(visit, practitioner.finess)


def record_import(toolbox: "Toolbox", report: DirectoryReport, *, file: str) -> None:
    """Write to the audit trail that a file was loaded."""
    with toolbox.unit_of_work() as unit:
        details = {"file": file, "result": str(report)}
        unit.audit.record(Event.DIRECTORY_IMPORTED, details=details)


def _record(unit: "SqlUnitOfWork", known: "Practitioner | None", merged: "Practitioner") -> None:
    """Write a change to the audit trail."""
    if known is None:
        unit.audit.record(Event.PRACTITIONER_ADDED, finess=merged.finess)
    elif changes := list_changes(known, merged):
        details = {"changed": " ".join(changes)}
        unit.audit.record(Event.PRACTITIONER_CHANGED, finess=merged.finess, details=details)
