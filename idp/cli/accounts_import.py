"""`idp accounts import`: the accounts of the old site, which have no e-mail address."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import click

from idp.accounts.account import Account, AccountState
from idp.accounts.argon2id import make_password_hasher
from idp.accounts.errors import PasswordHashRefusedError
from idp.accounts.legacy_hashes import adopt_hash, is_bcrypt
from idp.audit_events import Event
from idp.cli.import_progress import ImportProgress
from idp.cli.row_check import RowCheck, Tell
from idp.cli.table_file import TableFile, TableRow
from idp.cli.toolbox import Toolbox
from idp.secret_values import random_id

_BATCH_SIZE = 200


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--accept-timing", is_flag=True, help="Take hashes that tell accounts apart.")
@click.option("--dry-run", is_flag=True, help="Check every row, and change nothing.")
@click.pass_obj
def import_file(toolbox: Toolbox, file: Path, *, accept_timing: bool, dry_run: bool) -> None:
    """Take over the accounts of the old site, without e-mail address.

    FILE is CSV, separated by semicolons or commas, with the header row finess[;password_hash]. Each
    number must be in the directory; one that has an account already is left as it is. Whoever has
    no hash, or forgot the password, goes through « Mettre à jour mon compte ».

    Argon2id is taken over as it is, up to today's cost. MD5, SHA-1, SHA-256 and SHA-512, in
    hexadecimal, bare or as name$salt$hex, are wrapped in Argon2id at once. With --accept-timing
    bcrypt (needs .ci/make-environment bcrypt) and costlier Argon2id too: until their first sign-in
    such accounts answer slower or faster than unknown numbers do, which tells that they exist.
    """
    table = TableFile(file, required=["finess"], optional=["password_hash"])
    with ImportProgress(toolbox.console, table) as progress:
        running = AccountsImport(
            toolbox, accepts_timing=accept_timing, is_dry_run=dry_run, tell=progress.tell
        )
        for line in running.run(table):
            progress.reach(line)
    click.echo(f"{running.added} added, {running.known} there already; {running.rows.bad} bad")
    if dry_run:
        click.echo("Nothing was written.")
    if running.rows.bad:
        raise SystemExit(1)


class AccountsImport:
    """One run over one file. Hashes are made outside of any transaction, on every core."""

    def __init__(
        self, toolbox: Toolbox, *, accepts_timing: bool, is_dry_run: bool, tell: Tell
    ) -> None:
        self._toolbox = toolbox
        self._hasher = toolbox.tools.hasher
        self._parameters = self._hasher.parameters.to_argon2()
        self._hash_text = make_password_hasher(self._parameters).hash
        self._accepts_timing = accepts_timing
        self._is_dry_run = is_dry_run
        self.rows = RowCheck(tell)
        self.added = 0
        self.known = 0

    def run(self, table: TableFile) -> Iterator[int]:
        """Load the table; give the line reached after each batch."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for rows in table.read_batches(_BATCH_SIZE):
                hashed = [
                    (row, finess, pool.submit(self._adopt, row.cells.get("password_hash", "")))
                    for row, finess in self._select(rows)
                ]
                self._add([account for each in hashed if (account := self._finish(*each))])
                yield rows[-1].line

    def _select(self, rows: Sequence[TableRow]) -> list[tuple[TableRow, str]]:
        """Return the rows that may become accounts, with their numbers."""
        numbered = [(row, finess) for row in rows if (finess := self.rows.read_finess(row))]
        with self._toolbox.unit_of_work() as unit:
            listed = unit.practitioners.find_some([finess for _, finess in numbered])
            held = {finess for _, finess in numbered if unit.accounts.find_by_finess(finess)}
        selected = []
        for row, finess in numbered:
            practitioner = listed.get(finess)
            if practitioner is None or practitioner.closed_at:
                self.rows.refuse(row, f"{finess}: is not in the directory")
            elif finess in held:
                self.known += 1
            else:
                selected.append((row, finess))
        return selected

    def _adopt(self, imported: str) -> str | None:
        if not imported:
            return None
        if is_bcrypt(imported) and not self._hasher.checks_bcrypt:
            raise PasswordHashRefusedError("bcrypt needs .ci/make-environment bcrypt")
        return adopt_hash(
            imported,
            self._parameters,
            hash_text=self._hash_text,
            accepts_timing=self._accepts_timing,
        )

    def _finish(self, row: TableRow, finess: str, adopting: "Future[str | None]") -> Account | None:
        try:
            password_hash = adopting.result()
        except PasswordHashRefusedError as error:
            self.rows.refuse(row, f"{finess}: {error}")
            return None
        return Account(
            sub=random_id(),
            finess=finess,
            state=AccountState.WITHOUT_EMAIL,
            password_hash=password_hash,
            created_at=self._toolbox.clock.now(),
        )

    def _add(self, accounts: Sequence[Account]) -> None:
        with self._toolbox.unit_of_work() as unit:
            for account in accounts:
                is_added = unit.accounts.add(account)
                self.added += is_added
                self.known += not is_added
                if is_added:
                    unit.audit.record(
                        Event.ACCOUNT_IMPORTED, finess=account.finess, sub=account.sub
                    )
            if self._is_dry_run:
                unit.rollback()
