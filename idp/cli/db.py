"""`idp db`: the database."""

import click

from idp.cli.toolbox import Toolbox


@click.group()
def db() -> None:
    """The database: upgrade, check, purge, backup, copy."""


@db.command()
@click.pass_obj
def upgrade(toolbox: Toolbox) -> None:
    """Bring the schema up to date; safe to run again, and on several nodes at once."""
    from idp.store.migrations import upgrade as upgrade_schema

    upgrade_schema(toolbox.settings.database.url.get_secret_value())
    click.echo("the database is up to date")


@db.command()
@click.pass_obj
def check(toolbox: Toolbox) -> None:
    """Say whether the schema fits this version; exit code 1 where it does not."""
    from idp.store.migrations import check as check_schema

    if complaint := check_schema(toolbox.database.engines):
        click.echo(complaint)
        raise SystemExit(1)
    click.echo("the schema fits this version")
