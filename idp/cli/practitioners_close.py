"""Closing whom the insurer's list names no more (`idp practitioners import --close-missing`).

A list cut short by accident must not shut out half the practitioners: nothing is closed where a row
could not be read, and many at once only by their exact number.
"""

from typing import TYPE_CHECKING

import click

from idp.accounts.account import AccountState
from idp.accounts.admin import disable_account
from idp.accounts.directory import LEFT_DIRECTORY
from idp.audit_events import Event

if TYPE_CHECKING:
    from idp.cli.practitioners_import import DirectoryReport
    from idp.cli.toolbox import Toolbox

_BATCH_SIZE = 1000
_SHARE_CLOSED_UNASKED = 0.02


def find_missing(
    toolbox: "Toolbox", report: "DirectoryReport", *, confirmed: int | None
) -> list[str]:
    """Return the FINESS of each open practitioner whom the list does not name.

    Raises:
        click.ClickException: they may not be closed; the reason says what to do.

    """
    if report.rows.without_finess:
        raise click.ClickException(
            f"nobody was closed: {report.rows.without_finess} rows name nobody, so who is missing "
            "cannot be told; mend them first"
        )
    with toolbox.unit_of_work() as unit:
        present = list(unit.practitioners.find_open_numbers())
    missing = [finess for finess in present if finess not in report.rows.seen]
    count = len(missing)
    if count > _SHARE_CLOSED_UNASKED * len(present) and confirmed != count:
        raise click.ClickException(
            f"nobody was closed: the list lacks {count} of {len(present)} practitioners, more than "
            f"{_SHARE_CLOSED_UNASKED:.0%}; if that is meant, add --yes-close {count}"
        )
    return missing


def close_practitioners(toolbox: "Toolbox", missing: list[str]) -> None:
    """Disable their accounts, which ends their sessions and grants, and close them.

    In this order: an import that broke off between the two does it again.
    """
    for start in range(0, len(missing), _BATCH_SIZE):
        numbers = missing[start : start + _BATCH_SIZE]
        for finess in numbers:
            _disable(toolbox, finess)
        with toolbox.unit_of_work() as unit:
            unit.practitioners.close_batch(numbers, toolbox.clock.now())
            for finess in numbers:
                unit.audit.record(Event.PRACTITIONER_CLOSED, finess=finess)


def _disable(toolbox: "Toolbox", finess: str) -> None:
    """An account that is disabled already keeps its reason: coming back must not reopen it."""
    with toolbox.visit() as visit:
        account = visit.uow.accounts.find_by_finess(finess)
        if account and account.state is not AccountState.DISABLED:
            disable_account(visit, finess, reason=LEFT_DIRECTORY)
