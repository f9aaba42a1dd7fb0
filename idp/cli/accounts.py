"""`idp accounts`: what an administrator sees of the accounts and does to them."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from idp.cli.accounts_import import import_file
from idp.cli.accounts_timeline import timeline
from idp.cli.arguments import Finess, Moment, show_time, yes_option
from idp.cli.toolbox import Toolbox

if TYPE_CHECKING:
    from idp.accounts.account import Account


@click.group()
def accounts() -> None:
    """Accounts: show, unlock, disable, import, sign out.

    Whatever changes something is written to the audit trail with the operator's name.
    """


accounts.add_command(import_file)
accounts.add_command(timeline)


@accounts.command()
@click.argument("finess", type=Finess())
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_obj
def show(toolbox: Toolbox, finess: str, *, as_json: bool) -> None:
    """Show how an account stands: its state, blocks, sessions and sites. No secret is shown."""
    from idp.cli.accounts_facts import gather_facts
    from idp.cli.facts import print_facts

    with toolbox.visit() as visit:
        facts = gather_facts(visit, finess)
    print_facts(facts, as_json=as_json)


@accounts.command()
@click.argument("finess", type=Finess(), required=False)
@click.option(
    "--all-since", type=Moment(), metavar="TIME", help="Every block that began after then."
)
@click.pass_obj
def unlock(toolbox: Toolbox, finess: str | None, all_since: datetime | None) -> None:
    """Let a practitioner try passwords again; or, after an attack, everybody at once.

    TIME is local unless it has an offset, such as 2026-03-02T14:30 or 2026-03-02T14:30:00+01:00.
    """
    from idp.accounts.admin import unlock_account, unlock_all_since

    with toolbox.visit() as visit:
        if finess and not all_since:
            unlock_account(visit, finess)
            click.echo(f"{finess}: no failure counts any more.")
        elif all_since and not finess:
            lifted = unlock_all_since(visit, all_since)
            click.echo(f"{lifted} blocks since {show_time(all_since)} are lifted.")
        else:
            raise click.UsageError("give either a FINESS number or --all-since TIME")


@accounts.command()
@click.argument("finess", type=Finess())
@click.option("--reason", required=True, help="Why, for whoever looks at the account later.")
@yes_option
@click.pass_obj
def disable(toolbox: Toolbox, finess: str, reason: str, *, is_agreed: bool) -> None:
    """Suspend an account until it is enabled: its sessions, grants, devices and links end."""
    from idp.accounts.admin import disable_account

    _ask(toolbox, finess, "Suspend it, and end its sessions?", is_agreed=is_agreed)
    with toolbox.visit() as visit:
        disable_account(visit, finess, reason=reason)
    click.echo(f"{finess}: the account is disabled.")


@accounts.command()
@click.argument("finess", type=Finess())
@click.pass_obj
def enable(toolbox: Toolbox, finess: str) -> None:
    """Reopen a suspended account.

    One that was frozen by undoing a change of address has no password any more: make sure that the
    address is its owner's (set-email), who then goes through « Mot de passe oublié ».
    """
    from idp.accounts.admin import enable_account

    with toolbox.visit() as visit:
        enable_account(visit, finess)
    click.echo(f"{finess}: the account is open.")


@accounts.command()
@click.argument("finess", type=Finess())
@yes_option
@click.pass_obj
def reclaim(toolbox: Toolbox, finess: str, *, is_agreed: bool) -> None:
    """Close an account that somebody else opened, so that its practitioner can register.

    Its sessions, grants, devices and links end, and both addresses are told. This is for good: the
    next registration makes another account, which relying parties do not take for this one.
    """
    from idp.accounts.admin import reclaim_account

    _ask(toolbox, finess, "Close it for good?", is_agreed=is_agreed)
    with toolbox.visit() as visit:
        reclaim_account(visit, finess)
    click.echo(f"{finess}: the account is closed, the number is free to register.")


@accounts.command("set-email")
@click.argument("finess", type=Finess())
@click.argument("email")
@yes_option
@click.pass_obj
def set_email(toolbox: Toolbox, finess: str, email: str, *, is_agreed: bool) -> None:
    """Give an account another address; the old one is told.

    Verify who asks: whoever reads mail at that address can set a new password.
    """
    from idp.accounts import admin
    from idp.accounts.email_address import parse_email

    parsed = parse_email(email)
    if parsed is None:
        raise click.BadParameter("this is no e-mail address", param_hint="EMAIL")
    account = _find(toolbox, finess)
    question = f"Replace {account.email or 'no address'} by {parsed}?"
    _ask(toolbox, finess, question, is_agreed=is_agreed)
    with toolbox.visit() as visit:
        admin.set_email(visit, finess, parsed)
    click.echo(f"{finess}: the address is {parsed}.")


@accounts.command("sign-out")
@click.argument("finess", type=Finess())
@yes_option
@click.pass_obj
def sign_out(toolbox: Toolbox, finess: str, *, is_agreed: bool) -> None:
    """End every session of an account and everything that sites may do in its name."""
    from idp.accounts.admin import sign_out_account

    _ask(toolbox, finess, "End every session?", is_agreed=is_agreed)
    with toolbox.visit() as visit:
        ended = sign_out_account(visit, finess)
    click.echo(f"{finess}: {ended} sessions ended.")


def _ask(toolbox: Toolbox, finess: str, question: str, *, is_agreed: bool) -> None:
    """Name whom it is about and ask; no transaction waits for the answer."""
    account = _find(toolbox, finess)
    if is_agreed:
        return
    with toolbox.unit_of_work() as unit:
        practitioner = unit.practitioners.find(finess)
    name = practitioner.name if practitioner else "unknown to the directory"
    click.confirm(f"{finess} ({name}), account {account.state}. {question}", abort=True)


def _find(toolbox: Toolbox, finess: str) -> "Account":
    from idp.accounts.admin import find_account

    with toolbox.visit() as visit:
        return find_account(visit, finess)
