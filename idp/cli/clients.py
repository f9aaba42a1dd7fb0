"""`idp clients`: relying parties - their records, and why a sign-in failed."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from idp.audit_events import Event
from idp.cli import clients_change
from idp.cli.arguments import show_time
from idp.cli.clients_text import list_changes, list_fields, summarize_clients
from idp.cli.toolbox import Toolbox
from idp.protocol.audit import REFUSALS
from idp.protocol.client_doctor import explain
from idp.protocol.client_records import (
    ClientFaultsError,
    apply_change,
    parse_clients,
    plan_changes,
)
from idp.protocol.client_secrets import uses_secret

if TYPE_CHECKING:
    from collections.abc import Sequence

    from idp.store.audit import AuditEvent


@click.group()
def clients() -> None:
    """Relying parties: list, show, add, edit, explain a failed sign-in.

    A record is seen by running processes within seconds. README: "For who connects a site".
    """


for _command in (
    clients_change.add,
    clients_change.edit,
    clients_change.rotate,
    clients_change.remove,
):
    clients.add_command(_command)


@clients.command("list")
@click.pass_obj
def list_clients(toolbox: Toolbox) -> None:
    """Show every client: its name, how it proves itself, and where it is answered."""
    with toolbox.unit_of_work() as unit:
        found = unit.clients.find_all()
    for line in summarize_clients(found, toolbox.clock.now()):
        click.echo(line)
    if not found:
        click.echo("There is no client yet: idp clients add", err=True)


@clients.command()
@click.argument("client_id")
@click.pass_obj
def show(toolbox: Toolbox, client_id: str) -> None:
    """Show one client's record; of its secrets, their dates alone."""
    with toolbox.unit_of_work() as unit:
        client = clients_change.find_client(unit, client_id)
    for line in list_fields(client, toolbox.clock.now()):
        click.echo(line)


@clients.command()
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.pass_obj
def apply(toolbox: Toolbox, file: Path | None, *, dry_run: bool) -> None:
    """Add and change the clients of a clients.toml (the settings' clients_file if not named).

    Clients that are not in the file stay as they are. Exit code 1: the file has faults.
    """
    chosen = file or toolbox.settings.clients_file
    if chosen is None:
        raise click.UsageError("name a file, or set clients_file")
    now = toolbox.clock.now()
    try:
        wanted = parse_clients(chosen.read_text("utf-8"), now)
    except ClientFaultsError as error:
        raise click.ClickException(f"{chosen} has faults:\n{error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{chosen} cannot be read: {error}") from error
    with toolbox.unit_of_work() as unit:
        changes = list(plan_changes(wanted, unit.clients))
        for change in [] if dry_run else changes:
            apply_change(change, unit.clients, now)
            unit.audit.record(Event.CLIENT_APPLIED, client_id=change.after.client_id)
    for change in changes:
        click.echo("\n".join(list_changes(change)))
    done = "would change" if dry_run else "changed"
    click.echo(f"{len(changes)} of {len(wanted)} clients {done}.")
    clients_change.warn_of_missing_keys(toolbox, [change.after for change in changes])
    for change in changes:
        if uses_secret(change.after) and not change.after.secrets:
            client_id = change.after.client_id
            click.echo(f"{client_id} has no secret yet: idp clients rotate-secret {client_id}")


@clients.command()
@click.argument("client_id")
@click.option(
    "-n",
    "count",
    type=click.IntRange(1, 100),
    default=5,
    show_default=True,
    help="The latest so many.",
)
@click.pass_obj
def doctor(toolbox: Toolbox, client_id: str, count: int) -> None:
    """Say in plain words why a client's last requests were refused, the newest first."""
    with toolbox.unit_of_work() as unit:
        client = clients_change.find_client(unit, client_id)
    refusals = _find_refusals(toolbox, client_id, count)
    for event in refusals:
        told = explain(event.reason or "", event.details, client)
        click.echo(f"{show_time(event.at)}  {event.reason}")
        click.echo(f"    {told.what}")
        for line in told.comparison:
            click.echo(f"    {line}")
        click.echo(f"    -> {told.remedy}")
    if not refusals:
        click.echo(f"No request of {client_id} was refused.")


def _find_refusals(toolbox: Toolbox, client_id: str, count: int) -> "Sequence[AuditEvent]":
    from idp.store.audit import AuditQuery

    with toolbox.unit_of_work() as unit:
        found = [
            event
            for name in REFUSALS
            for event in unit.audit.find(AuditQuery(name=name, client_id=client_id), limit=count)
        ]
    return sorted(found, key=lambda event: event.at, reverse=True)[:count]
