"""`idp db`: the database."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import click

from idp.audit_events import Event
from idp.cli.arguments import yes_option
from idp.cli.toolbox import Toolbox

_SCHEMES = ("sqlite", "postgresql", "postgresql+psycopg")


@click.group()
def db() -> None:
    """The database: upgrade, check, purge, backup, copy, restored."""


@db.command()
@click.pass_obj
def upgrade(toolbox: Toolbox) -> None:
    """Bring the schema up to date; safe to run again, and on several nodes at once."""
    from idp.store.migrations import check as check_schema
    from idp.store.migrations import upgrade as upgrade_schema

    is_behind = check_schema(toolbox.database.engines) is not None
    upgrade_schema(toolbox.settings.database.url.get_secret_value())
    if is_behind:
        _record(toolbox, Event.DATABASE_UPGRADED)
    click.echo("the database is up to date")


@db.command()
@click.pass_obj
def check(toolbox: Toolbox) -> None:
    """Say whether the schema fits this version; exit code 1 where it does not."""
    if complaint := toolbox.find_schema_fault():
        click.echo(complaint)
        raise SystemExit(1)
    click.echo("the schema fits this version")


@db.command()
@click.pass_obj
def purge(toolbox: Toolbox) -> None:
    """Delete what is past its time now, as the worker does each minute; sign-ins go on."""
    purged = _name_counts(toolbox.database.purge_expired(toolbox.clock.now()))
    if purged:
        _record(toolbox, Event.DATABASE_PURGED, purged)
    _print_counts(purged, "nothing is past its time")


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup(toolbox: Toolbox, file: Path) -> None:
    """Copy the database, in use or not, to a new file that only you may open.

    Of SQLite FILE is a database, of PostgreSQL pg_dump's custom format. Keep the keys folder, its
    passphrase and the secrets of the settings too, but apart: with them FILE opens every account.
    """
    from idp.store.backup import BackupError, back_up

    try:
        back_up(toolbox.database.url, file)
    except (BackupError, OSError) as error:
        raise click.ClickException(str(error)) from error
    try:
        _record(toolbox, Event.DATABASE_BACKED_UP, {"file": file.name})
    except Exception as error:  # noqa: BLE001 - an old schema is backed up above all
        click.echo(f"Warning: this is not in the audit trail: {error}", err=True)
    click.echo(f"{file}: {file.stat().st_size} bytes. After restoring it: idp db restored")


@db.command()
@click.option("--to", "target", metavar="URL", required=True, help="An empty database's address.")
@yes_option
@click.pass_obj
def copy(toolbox: Toolbox, target: str, *, is_agreed: bool) -> None:
    """Carry everything over to another database, such as from SQLite to PostgreSQL.

    Stop the provider before: what it writes meanwhile stays behind. URL holds no password, which
    others on this machine could see: PostgreSQL's client reads PGPASSWORD and ~/.pgpass.
    """
    from idp.store.copying import CopyRefusedError, copy_database

    _refuse_address(target)
    if not is_agreed:
        click.confirm(f"Is the provider stopped? Copy everything to {target}?", abort=True)
    try:
        copied = copy_database(toolbox.settings.database.url.get_secret_value(), target)
    except CopyRefusedError as error:
        raise click.ClickException(str(error)) from error
    _record(toolbox, Event.DATABASE_COPIED, {"to": target})
    _print_counts(_name_counts(copied), "there was nothing to copy")
    click.echo("Set database.url to the new address now.")


@db.command()
@yes_option
@click.pass_obj
def restored(toolbox: Toolbox, *, is_agreed: bool) -> None:
    """Say that the database was restored from a backup, before anybody signs in again.

    A backup does not know what was used after it was made. So every session, grant, code, link and
    known device dies, and what waited to leave stays here. Accounts and passwords stay.
    """
    from idp.store.restoring import mark_restored

    if not is_agreed:
        click.confirm("End every session, grant and link?", abort=True)
    killed = mark_restored(toolbox.database, toolbox.audit_context)
    _print_counts(_name_counts(killed), "nothing had to die")


def _refuse_address(target: str) -> None:
    try:
        parts = urlsplit(target)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--to") from error
    if parts.scheme not in _SCHEMES:
        raise click.BadParameter(f"not {' or '.join(_SCHEMES[:2])}", param_hint="--to")
    if parts.password or parse_qs(parts.query).keys() & {"password", "sslpassword"}:
        message = "leave the password out: name it in PGPASSWORD or in ~/.pgpass"
        raise click.BadParameter(message, param_hint="--to")


def _record(toolbox: Toolbox, event: Event, details: Mapping[str, str] | None = None) -> None:
    with toolbox.unit_of_work() as unit:
        unit.audit.record(event, details=details)


def _name_counts(counts: Mapping[str, int]) -> dict[str, str]:
    """Return the tables of which there were rows."""
    return {name: str(number) for name, number in counts.items() if number}


def _print_counts(counts: Mapping[str, str], otherwise: str) -> None:
    for name, number in counts.items():
        click.echo(f"{name:<20} {number:>10}")
    if not counts:
        click.echo(otherwise)
