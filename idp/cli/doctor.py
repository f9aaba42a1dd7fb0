"""`idp doctor`: everything an operator gets wrong, one line each with its remedy.

Exit code 0: nothing found; 1: a fault was found; warnings alone are 0.
"""

from collections.abc import Iterator

import click
from rich.text import Text

from idp.accounts.calibration import propose_parameters
from idp.cli.checks_inside import check_hash_cost, check_settings
from idp.cli.checks_keys import check_keys
from idp.cli.checks_outside import (
    check_issuer,
    check_mail_server,
    check_rate_limit_store,
    check_sender_domain,
)
from idp.cli.checks_store import check_clock, check_database, check_outbox
from idp.cli.findings import Check, Finding, Level, fault
from idp.cli.toolbox import Toolbox
from idp.store.errors import MigrationNeededError, StoreUnavailableError, UnsafeFileError

_CHECKS: tuple[Check, ...] = (
    check_settings,
    check_database,
    check_clock,
    check_keys,
    check_outbox,
    check_hash_cost,
    check_rate_limit_store,
    check_mail_server,
    check_sender_domain,
    check_issuer,
)
_STYLES = {Level.OK: "green", Level.WARNING: "yellow", Level.FAULT: "red"}


@click.command()
@click.option("--calibrate", is_flag=True, help="Propose Argon2id parameters for this machine.")
@click.option(
    "--target-ms",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    help="How long a hash may take at most.",
)
@click.pass_obj
def doctor(toolbox: Toolbox, *, calibrate: bool, target_ms: int) -> None:
    """Check everything an operator gets wrong, and say what to do about it."""
    if calibrate:
        for line in propose_parameters(target_ms):
            click.echo(line)
        return
    findings = [finding for check in _CHECKS for finding in _run(check, toolbox)]
    if any(finding.level is Level.FAULT for finding in findings):
        raise SystemExit(1)


def _run(check: Check, toolbox: Toolbox) -> Iterator[Finding]:
    """Print what a check finds as it finds it; a check that breaks is a fault like another."""
    try:
        for finding in check(toolbox):
            _print(toolbox, finding)
            yield finding
    except click.ClickException:
        raise
    except (MigrationNeededError, StoreUnavailableError, UnsafeFileError):
        return  # check_database has told it
    except Exception as error:  # noqa: BLE001 - a check that breaks must not hide the others
        broken = fault(f"{check.__name__.replace('_', ' ')}: {error}", "see the message")
        _print(toolbox, broken)
        yield broken


def _print(toolbox: Toolbox, finding: Finding) -> None:
    sign = Text(f"{finding.level:<8}", style=_STYLES[finding.level])
    toolbox.console.print(sign + Text(" ".join(finding.text.split())), soft_wrap=True)
    if finding.remedy:
        toolbox.console.print(Text(f"        -> {finding.remedy}"), soft_wrap=True)
