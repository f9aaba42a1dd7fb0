"""`idp keys`: what an operator sees of the signing keys and does to them. Thin over idp/signing."""

import json
from pathlib import Path

import click

from idp.app.keys import REQUIRED_ALGORITHMS, build_rotation_policy
from idp.cli import keys_change
from idp.cli.keys_svg import draw_as_svg
from idp.cli.keys_text import (
    build_key_table,
    build_use_table,
    describe_schedule,
    list_changes_to_come,
    list_consequences,
)
from idp.cli.keys_timeline import draw_in_terminal, lay_out_timeline
from idp.cli.keys_tools import KeyGroup, load_keys
from idp.cli.toolbox import Toolbox
from idp.durations import show_duration
from idp.signing.errors import KeysRefusedError
from idp.signing.forecast import find_policy_faults


@click.group(cls=KeyGroup)
def keys() -> None:
    """Signing keys: list, rotate, rehearse, revoke.

    A key is announced (next), signs (active), is trusted for a while more (retired), and is gone.
    Running processes notice a change within seconds. README: "Keys".
    """


for _command in (
    keys_change.init,
    keys_change.rotate,
    keys_change.schedule,
    keys_change.promote,
    keys_change.rehearse,
    keys_change.revoke,
    keys_change.remove,
):
    keys.add_command(_command)


@keys.command("list")
@click.pass_obj
def list_keys(toolbox: Toolbox) -> None:
    """Show each key: its state, its dates, and what acting on it now would break."""
    ring, now = load_keys(toolbox), toolbox.clock.now()
    toolbox.console.print(build_key_table(ring, now))
    click.echo("\nIf you act now:")
    for line in list_consequences(ring, now, build_rotation_policy(toolbox.settings)):
        click.echo(f"  {line}")


@keys.command()
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Draw it as a file.")
@click.pass_obj
def timeline(toolbox: Toolbox, svg: Path | None) -> None:
    """Draw what is published, what signs and what is retired, and list what is to come."""
    ring, now = load_keys(toolbox), toolbox.clock.now()
    policy = build_rotation_policy(toolbox.settings)
    picture = lay_out_timeline(ring, now, policy)
    if svg is not None:
        svg.write_text(draw_as_svg(picture), encoding="utf-8")
        click.echo(f"Drew {svg}.")
        return
    for line in draw_in_terminal(picture, toolbox.console.width):
        toolbox.console.print(line, no_wrap=True, crop=True)
    click.echo("\nTo come:")
    for change in list_changes_to_come(ring, now, policy):
        click.echo(f"  {change}")


@keys.command("export-jwks")
@click.pass_obj
def export_jwks(toolbox: Toolbox) -> None:
    """Print the published public keys, as the provider serves them (RFC 7517)."""
    click.echo(json.dumps(load_keys(toolbox).jwks(toolbox.clock.now()), indent=2))


@keys.command()
@click.pass_obj
def check(toolbox: Toolbox) -> None:
    """Look for everything that is or will be wrong with the keys."""
    ring, now = load_keys(toolbox, required=REQUIRED_ALGORITHMS), toolbox.clock.now()
    policy = build_rotation_policy(toolbox.settings)
    faults = find_policy_faults(ring, now=now, policy=policy)
    if faults:
        raise KeysRefusedError(faults)
    for line in describe_schedule(ring, now, policy):
        click.echo(line)
    announce = show_duration(policy.shortest_manual_announce)
    click.echo(f"No fault found. A rotation by hand takes {announce} to sign.")


@keys.command()
@click.option("--clients", "shows_clients", is_flag=True, help="Each client's last key, too.")
@click.pass_obj
def status(toolbox: Toolbox, *, shows_clients: bool) -> None:
    """Say what signs now, what comes next, and which client got its last token under which key."""
    ring, now = load_keys(toolbox), toolbox.clock.now()
    for line in describe_schedule(ring, now, build_rotation_policy(toolbox.settings)):
        click.echo(line)
    if not shows_clients:
        return
    with toolbox.unit_of_work() as unit:
        client_ids = [client.client_id for client in unit.clients.find_all()]
        uses = unit.key_uses.find_all()
    toolbox.console.print(build_use_table(client_ids, uses, ring=ring, now=now))
    click.echo("Who fetched the JWKS is not known: nobody says there which client they are.")
