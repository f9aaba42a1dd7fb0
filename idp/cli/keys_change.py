"""The `idp keys` commands that change something: each says what it did and from when it holds."""

from datetime import timedelta

import click

from idp.app.keys import REQUIRED_ALGORITHMS, build_rotation_policy
from idp.cli.arguments import Lifetime, show_time, yes_option
from idp.cli.keys_text import describe_revocation, describe_schedule
from idp.cli.keys_tools import load_keys, open_keeper
from idp.cli.toolbox import Toolbox
from idp.signing.algorithms import ALGORITHMS
from idp.signing.errors import KeyChangeRefusedError
from idp.signing.key_changes import find_key

algorithm_option = click.option(
    "--alg",
    "algorithms",
    multiple=True,
    type=click.Choice(list(ALGORITHMS)),
    help="Of this algorithm alone. Repeatable.",
)


@click.command()
@algorithm_option
@click.pass_obj
def init(toolbox: Toolbox, algorithms: tuple[str, ...]) -> None:
    """Make the first keys: RS256 and ES256, unless told otherwise."""
    made = open_keeper(toolbox).make_first_keys(algorithms or REQUIRED_ALGORITHMS)
    for key in made:
        click.echo(f"Made {key.kid}; it signs from {show_time(key.signs_from)}.")
    if not made:
        click.echo("Every algorithm has its key already; none was made.")
    else:
        click.echo("Back up the keys folder now, and its passphrase elsewhere.")


@click.command()
@algorithm_option
@click.option("--announce", type=Lifetime(), help="Publish it so long before it signs (2h, 14d).")
@click.pass_obj
def rotate(toolbox: Toolbox, algorithms: tuple[str, ...], announce: timedelta | None) -> None:
    """Announce the next key of each algorithm; it signs once every relying party knows it."""
    keeper = open_keeper(toolbox)
    for algorithm in algorithms or load_keys(toolbox).algorithms(toolbox.clock.now()):
        key = keeper.rotate(algorithm, announce=announce)
        if key is not None:
            click.echo(
                f"{algorithm}: {key.kid} is published now and signs from "
                f"{show_time(key.signs_from)}; {key.predecessor} is gone from "
                f"{show_time(key.predecessor_gone_at)}."
            )
        else:
            coming = load_keys(toolbox).find_next(algorithm, toolbox.clock.now())
            if coming is not None:
                click.echo(
                    f"{algorithm}: {coming.key.kid} is announced already and signs from "
                    f"{show_time(coming.key.signs_from)}; no other was made."
                )


@click.command()
@click.pass_obj
def schedule(toolbox: Toolbox) -> None:
    """Announce what is due, as the worker does, and say what comes next."""
    for key in open_keeper(toolbox).run_schedule():
        click.echo(f"{key.algorithm}: announced {key.kid}.")
    policy = build_rotation_policy(toolbox.settings)
    for line in describe_schedule(load_keys(toolbox), toolbox.clock.now(), policy):
        click.echo(line)


@click.command()
@click.argument("kid")
@click.pass_obj
def promote(toolbox: Toolbox, kid: str) -> None:
    """Let the next key sign now, ahead of its date, if every relying party knows it."""
    key = open_keeper(toolbox).promote(kid)
    click.echo(f"{key.kid} signs now; {key.predecessor} stays until the last token it signed dies.")


@click.command()
@click.argument("kid")
@click.option("--client", "client_id", required=True, help="The client's id.")
@click.option("--stop", is_flag=True, help="End the rehearsal.")
@click.pass_obj
def rehearse(toolbox: Toolbox, kid: str, client_id: str, *, stop: bool) -> None:
    """Let the next key sign for one client alone, to see that it is ready."""
    keeper = open_keeper(toolbox)
    if stop:
        keeper.end_rehearsal(kid, client_id)
        click.echo(f"{client_id} gets its tokens from the active key again.")
        return
    with toolbox.unit_of_work() as unit:
        if unit.clients.find(client_id) is None:
            raise KeyChangeRefusedError(f"no client is called {client_id}: idp clients list")
    key = keeper.rehearse(kid, client_id)
    click.echo(
        f"{client_id} gets its {key.algorithm} tokens from {kid} within seconds, all others from "
        f"{show_time(key.signs_from)}. Sign in there once, then: idp keys status --clients"
    )


@click.command()
@click.argument("kid")
@yes_option
@click.option("--reason", help="Why, for the audit trail.")
@click.pass_obj
def revoke(toolbox: Toolbox, kid: str, *, is_agreed: bool, reason: str | None) -> None:
    """End a key at once, in an emergency: it leaked, or may have."""
    ring = load_keys(toolbox)
    life = find_key(ring, kid)
    max_age = toolbox.settings.keys.jwks_max_age
    click.echo(describe_revocation(life, ring, toolbox.clock.now(), max_age=max_age))
    if not is_agreed:
        click.confirm("Revoke it?", abort=True)
    stand_in = open_keeper(toolbox).revoke(kid, reason=reason)
    click.echo(f"{kid} is revoked." + (f" {stand_in.kid} signs now." if stand_in else ""))


@click.command()
@click.argument("kid")
@click.pass_obj
def remove(toolbox: Toolbox, kid: str) -> None:
    """Destroy a key that is gone; refused while anything needs it."""
    open_keeper(toolbox).remove(kid)
    click.echo(f"{kid} is destroyed.")
