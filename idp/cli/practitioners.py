"""`idp practitioners`: the insurer's directory."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from idp.cli.arguments import Finess
from idp.cli.toolbox import Toolbox

if TYPE_CHECKING:
    from idp.accounts.visit import Visit
    from idp.cli.facts import Facts
    from idp.cli.practitioners_import import DirectoryReport
    from idp.cli.table_file import TableFile


@click.group()
def practitioners() -> None:
    """The insurer's directory: import, show, unlock."""


@practitioners.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Report the same, write nothing.")
@click.option("--close-missing", is_flag=True, help="Close whom FILE does not name.")
@click.option("--yes-close", type=click.IntRange(0), metavar="N", help="Close N, over 2 %.")
@click.pass_obj
def import_file(
    toolbox: Toolbox, file: Path, *, is_dry_run: bool, close_missing: bool, yes_close: int | None
) -> None:
    """Load the insurer's list: new rows are added, changed ones updated, none removed.

    FILE is CSV, separated by semicolons or commas, in UTF-8 or Windows-1252. Its header row names,
    in any order: finess, name, iban; and, as wanted: email, given_name, family_name, phone_number,
    street_address, postal_code, locality. A column that it leaves out stays as it is on file.

    Each bad row is reported with its line, the good ones are loaded, and the exit code is 1 if any
    was bad. To load a file again is safe. Of the IBAN only a keyed digest of its last five
    characters is kept; a row without IBAN is fine.

    --close-missing closes the practitioners whom FILE does not name and disables their accounts;
    who comes back in a later file is reopened. Over 2 % of the directory at once needs --yes-close
    with their exact number, which the refusal tells.
    """
    from idp.accounts.directory import OPTIONAL_COLUMNS, REQUIRED_COLUMNS
    from idp.cli.practitioners_close import close_practitioners, find_missing
    from idp.cli.practitioners_import import record_import
    from idp.cli.table_file import TableFile

    table = TableFile(file, required=REQUIRED_COLUMNS, optional=OPTIONAL_COLUMNS)
    report = _load(toolbox, table, is_dry_run=is_dry_run)
    click.echo(f"{'Nothing was written. ' if is_dry_run else ''}{report}")
    if not is_dry_run:
        record_import(toolbox, report, file=file.name)
    missing = find_missing(toolbox, report, confirmed=yes_close) if close_missing else []
    if not is_dry_run:
        close_practitioners(toolbox, missing)
    for finess in missing:
        click.echo(f"{'to close' if is_dry_run else 'closed'}: {finess}")
    if report.rows.bad:
        raise SystemExit(1)


@practitioners.command()
@click.argument("finess", type=Finess())
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_obj
def show(toolbox: Toolbox, finess: str, *, as_json: bool) -> None:
    """Show what the directory holds of a practitioner; of the IBAN, whether there is one."""
    from idp.cli.facts import print_facts

    with toolbox.visit() as visit:
        facts = _gather_facts(visit, finess)
    print_facts(facts, as_json=as_json)


@practitioners.command()
@click.argument("finess", type=Finess())
@click.pass_obj
def unlock(toolbox: Toolbox, finess: str) -> None:
    """Let a practitioner prove their IBAN again: failed proofs are forgotten, all of them."""
    from idp.accounts.admin import unlock_practitioner

    with toolbox.visit() as visit:
        unlock_practitioner(visit, finess)
    click.echo(f"{finess}: registration is open again.")


def _load(toolbox: Toolbox, table: "TableFile", *, is_dry_run: bool) -> "DirectoryReport":
    from idp.cli.import_progress import ImportProgress
    from idp.cli.practitioners_import import DirectoryImport

    with ImportProgress(toolbox.console, table) as progress:
        running = DirectoryImport(toolbox, is_dry_run=is_dry_run, tell=progress.tell)
        for line in running.run(table):
            progress.reach(line)
    return running.report


def _gather_facts(visit: "Visit", finess: str) -> "Facts":
    from idp.accounts.admin import find_practitioner
    from idp.accounts.proof import proof_counter

    known = find_practitioner(visit, finess)
    account = visit.uow.accounts.find_by_finess(finess)
    return {
        "finess": known.finess,
        "name": known.name,
        "given_name": known.given_name,
        "family_name": known.family_name,
        "email": known.email,
        "phone_number": known.phone_number,
        "street_address": known.street_address,
        "postal_code": known.postal_code,
        "locality": known.locality,
        "has_iban": known.iban_digest is not None,
        "changed_at": known.updated_at,
        "closed_at": known.closed_at,
        "account": account.state if account else None,
        "proofs_blocked_until": visit.uow.attempts.blocked_until(
            proof_counter(visit, finess).key, visit.now
        ),
    }
