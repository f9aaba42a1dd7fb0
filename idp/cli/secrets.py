"""`idp secrets`: values for the settings."""

import click

from idp import secret_values


@click.group()
def secrets() -> None:
    """Make a secret for the settings."""


@secrets.command()
def generate() -> None:
    """Print a new random secret (256 bits), kept nowhere."""
    click.echo(secret_values.random_token())
