"""The `idp clients` commands that change a record; each is written to the audit trail."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from idp.app.keys import REQUIRED_ALGORITHMS
from idp.audit_events import Event
from idp.cli.arguments import Lifetime, show_time, yes_option
from idp.cli.clients_options import OPTIONS, add_field_options, select_given
from idp.cli.clients_text import list_changes
from idp.cli.keys_tools import load_keys
from idp.cli.toolbox import Toolbox
from idp.protocol.client import Client
from idp.protocol.client_records import (
    ClientChange,
    ClientFaultsError,
    apply_change,
    build_client,
)
from idp.protocol.client_secrets import rotate_secret, uses_secret
from idp.signing.errors import KeysRefusedError

if TYPE_CHECKING:
    from idp.store.unit_of_work import SqlUnitOfWork


@click.command()
@click.argument("client_id")
@add_field_options
@click.pass_obj
def add(toolbox: Toolbox, /, client_id: str, **values: object) -> None:
    """Register a client. Where it needs a secret, one is made and shown this once."""
    client = _build(toolbox, {"client_id": client_id, **select_given(values)}, before=None)
    secret = None
    if uses_secret(client):
        client, secret = rotate_secret(client, toolbox.clock.now(), overlap=timedelta())
    with toolbox.unit_of_work() as unit:
        if unit.clients.find(client_id) is not None:
            raise click.ClickException(
                f"{client_id} exists: idp clients edit, or rotate-secret for a new secret"
            )
        _keep(toolbox, unit, ClientChange(before=None, after=client), event=Event.CLIENT_ADDED)
    _show_secret(secret)
    warn_of_missing_keys(toolbox, [client])


@click.command()
@click.argument("client_id")
@click.option(
    "--clear",
    multiple=True,
    type=click.Choice(list(OPTIONS)),
    metavar="FIELD",
    help="Empty a field, such as logo or jwks_uri. Repeatable.",
)
@add_field_options
@click.pass_obj
def edit(toolbox: Toolbox, /, client_id: str, clear: tuple[str, ...], **values: object) -> None:
    """Change fields of a client; a list given replaces the whole list."""
    given = {**dict.fromkeys(clear, ""), **select_given(values)}
    with toolbox.unit_of_work() as unit:
        before = find_client(unit, client_id)
        change = ClientChange(before=before, after=_build(toolbox, given, before=before))
        if change.fields:
            _keep(toolbox, unit, change, event=Event.CLIENT_CHANGED)
    click.echo("\n".join(list_changes(change)) if change.fields else "Nothing changed.")
    warn_of_missing_keys(toolbox, [change.after])


@click.command("rotate-secret")
@click.argument("client_id")
@click.option(
    "--overlap",
    type=Lifetime(),
    default="24h",
    show_default=True,
    help="How long the old secret stays good (0min: not at all).",
)
@click.pass_obj
def rotate(toolbox: Toolbox, client_id: str, overlap: timedelta) -> None:
    """Make a new secret and show it this once; the old one stays good for a while."""
    now = toolbox.clock.now()
    with toolbox.unit_of_work() as unit:
        before = find_client(unit, client_id)
        if not uses_secret(before):
            raise click.ClickException(f"{client_id} does not prove itself by a secret")
        after, secret = rotate_secret(before, now, overlap=overlap)
        _keep(
            toolbox,
            unit,
            ClientChange(before=before, after=after),
            event=Event.CLIENT_SECRET_ROTATED,
        )
    for kept in after.secrets[1:]:
        if kept.expires_at is not None:
            click.echo(f"The old secret is good until {show_time(kept.expires_at)}.")
    _show_secret(secret)


@click.command()
@click.argument("client_id")
@yes_option
@click.pass_obj
def remove(toolbox: Toolbox, client_id: str, *, is_agreed: bool) -> None:
    """Remove a client: its grants and consents end at once."""
    with toolbox.unit_of_work() as unit:
        name = find_client(unit, client_id).name
    if not is_agreed:
        click.confirm(f"Remove {client_id} ({name})? Nobody can sign in there", abort=True)
    with toolbox.unit_of_work() as unit:
        unit.clients.remove(client_id, toolbox.clock.now())
        unit.audit.record(Event.CLIENT_REMOVED, client_id=client_id)
    click.echo(f"Removed {client_id}.")


def find_client(unit: "SqlUnitOfWork", client_id: str) -> Client:
    """Return the client, or end with exit code 1."""
    client = unit.clients.find(client_id)
    if client is None:
        raise click.ClickException(f"there is no client {client_id}: idp clients list")
    return client


def warn_of_missing_keys(toolbox: Toolbox, clients: Sequence[Client]) -> None:
    """Say which algorithms are to sign tokens of these clients and have no key yet."""
    unusual = {
        algorithm
        for client in clients
        for algorithm in (client.id_token_signed_response_alg, client.userinfo_signed_response_alg)
        if algorithm and algorithm not in REQUIRED_ALGORITHMS
    }
    try:
        signing = load_keys(toolbox).algorithms(toolbox.clock.now()) if unusual else ()
    except KeysRefusedError:
        click.echo("The keys cannot be read: idp keys check", err=True)
        return
    for algorithm in sorted(unusual.difference(signing)):
        click.echo(f"No key signs with {algorithm} yet: idp keys init --alg {algorithm}", err=True)


def _build(toolbox: Toolbox, values: Mapping[str, Any], *, before: Client | None) -> Client:
    try:
        return build_client(values, toolbox.clock.now(), before=before)
    except ClientFaultsError as error:
        raise click.ClickException(f"the record has faults:\n{error}") from error


def _keep(toolbox: Toolbox, unit: "SqlUnitOfWork", change: ClientChange, *, event: Event) -> None:
    apply_change(change, unit.clients, toolbox.clock.now())
    unit.audit.record(
        event,
        client_id=change.after.client_id,
        details={"fields": ", ".join(change.fields)} if change.before else None,
    )


def _show_secret(secret: str | None) -> None:
    if secret is None:
        click.echo("Registered; it has no secret.")
        return
    click.echo("Its secret, shown this once:")
    click.echo(secret)
