"""`idp accounts timeline`: what happened to a practitioner, in plain French, for the phone."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from idp.accounts.lockout import strangers_key
from idp.accounts.proof import proof_counter
from idp.accounts.visit import Visit
from idp.accounts.wording import ALARMS
from idp.audit_events import Event
from idp.cli import timeline_wording as words
from idp.cli.arguments import Finess
from idp.cli.toolbox import Toolbox
from idp.store.audit import AuditEvent, AuditQuery


@click.command()
@click.argument("finess", type=Finess())
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    help="The latest so many events.",
)
@click.pass_obj
def timeline(toolbox: Toolbox, finess: str, limit: int) -> None:
    """Tell in plain French what happened to a practitioner, for whoever answers the phone.

    The latest is at the end, then how things stand. Times are those of Paris. No secret is shown.
    """
    with toolbox.unit_of_work() as unit:
        events = unit.audit.find(AuditQuery(finess=finess), limit=limit)
    with toolbox.visit() as visit:
        standing = [
            *_describe_practitioner(visit, finess),
            *_describe_account(visit, finess),
            *_describe_blocks(visit, finess),
        ]
    for event in reversed(events):
        click.echo(f"{_show_time(event.at)}  {describe_event(event)}")
    if not events:
        click.echo(words.EMPTY)
    click.echo("\n" + "\n".join(standing))


def describe_event(event: AuditEvent) -> str:
    """Return an event as a sentence, with the network or the operator it came from."""
    sentence = words.SENTENCES.get(event.name, words.UNKNOWN_EVENT)
    if event.name == Event.RESET_REQUESTED and event.sub is None:
        sentence = words.RESET_WITHOUT_MATCH
    values = {
        "number": "?",
        "changed": "?",
        **event.details,
        "name": event.name,
        "client": event.client_id,
        "reason": _show_reason(event.reason),
        "alarm": ALARMS.get(event.reason or "", words.UNKNOWN_ALARM),
        "until": _show_until(event.details.get("until")),
    }
    actor = f" Par {event.operator}." if event.operator else ""
    network = f" Réseau {event.network}." if event.network else ""
    return sentence.format_map(values) + actor + network


def _describe_practitioner(visit: Visit, finess: str) -> Iterator[str]:
    practitioner = visit.uow.practitioners.find(finess)
    if practitioner is None:
        yield words.UNKNOWN_PRACTITIONER
        return
    yield f"{finess} : {practitioner.name}."
    if practitioner.closed_at:
        yield words.CLOSED_PRACTITIONER
    if not practitioner.iban_digest:
        yield words.WITHOUT_IBAN


def _describe_account(visit: Visit, finess: str) -> Iterator[str]:
    account = visit.uow.accounts.find_by_finess(finess)
    if account is None:
        yield words.NO_ACCOUNT
        return
    yield words.STATES[account.state].format(reason=_show_reason(account.disabled_reason))
    yield words.OPEN_SESSIONS.format(count=len(visit.uow.sessions.find_all(account.sub, visit.now)))


def _describe_blocks(visit: Visit, finess: str) -> Iterator[str]:
    counters = {
        strangers_key(visit, finess): words.LOGIN_BLOCKED,
        proof_counter(visit, finess).key: words.PROOFS_BLOCKED,
    }
    for key, sentence in counters.items():
        if until := visit.uow.attempts.blocked_until(key, visit.now):
            yield sentence.format(until=_show_time(until))


def _show_reason(reason: str | None) -> str:
    return words.REASONS.get(reason or "", reason or "sans motif")


def _show_until(text: str | None) -> str:
    return _show_time(datetime.fromisoformat(text)) if text else "?"


def _show_time(moment: datetime) -> str:
    """Return a moment as a clock in Paris shows it, with its offset."""
    local = moment.astimezone(ZoneInfo("Europe/Paris"))
    return f"{local:%d/%m/%Y %H:%M:%S} ({local.isoformat()[-6:]})"
