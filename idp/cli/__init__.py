"""`idp`, the one command-line program.

Each module is one group of commands, imported when it is asked for. Exit codes: 0 done, 1 a fault
was found or some rows were bad, 2 the command or the settings are wrong.
"""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from idp.accounts.errors import AccountChangedError, UnknownFinessError
from idp.cli.toolbox import Toolbox
from idp.store.errors import MigrationNeededError, StoreUnavailableError, UnsafeFileError

# A command, the module that holds it, and what `idp --help` says of it without importing it.
_COMMANDS: Mapping[str, tuple[str, str]] = {
    "serve": ("serve", "Run the provider."),
    "worker": ("worker", "Deliver mails and notices, purge and rotate, apart from `idp serve`."),
    "demo": ("demo", "Run everything on this machine, with made-up practitioners."),
    "doctor": ("doctor", "Check everything an operator gets wrong."),
    "keys": ("keys", "Signing keys: list, rotate, rehearse, revoke."),
    "clients": ("clients", "Relying parties: add, edit, explain a failed sign-in."),
    "practitioners": ("practitioners", "The directory: import, show, unlock."),
    "accounts": ("accounts", "Accounts: show, unlock, disable, import, sign out."),
    "mail": ("mail", "What waits to leave: list, retry."),
    "audit": ("audit", "The audit trail: tail, search."),
    "db": ("db", "The database: upgrade, check, purge, backup, copy, restored."),
    "secrets": ("secrets", "Make a secret for the settings."),
    "pages": ("pages", "Write every page and mail as files, to look at."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are run, and whose refusals are sentences."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run a command; what an operator can mend is told with exit code 1, without a trace."""
        try:
            return super().invoke(ctx)
        except AccountChangedError as error:
            message = "somebody changed the account at this moment: nothing was done, try again"
            raise click.ClickException(message) from error
        except PermissionError as error:
            message = f"{error}: run idp as the service's user, on files that it may open"
            raise click.ClickException(message) from error
        except (
            MigrationNeededError,
            StoreUnavailableError,
            UnknownFinessError,
            UnsafeFileError,
        ) as error:
            raise click.ClickException(str(error)) from error

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the commands in the order of the table."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import one command."""
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"idp.cli.{_COMMANDS[cmd_name][0]}"), cmd_name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="The operator's settings (TOML); else the file that IDP_CONFIG names.",
)
@click.version_option(package_name="idp")
@click.pass_context
def main(context: click.Context, config: Path | None) -> None:
    """Sign in the practitioners of MNSPF: an OpenID Connect provider."""
    context.obj = Toolbox(config)
    context.call_on_close(context.obj.close)
