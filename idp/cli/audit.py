"""`idp audit`: what happened, from the append-only trail."""

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from idp.audit_events import Event
from idp.cli.arguments import Finess, Moment, show_time
from idp.cli.toolbox import Toolbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from idp.store.audit import AuditEvent, AuditQuery

_LOOK_SECONDS = 1.0
_MAX_LOOKED_AT = 100_000
# A request that is under way commits its events a moment after it dated them.
_OVERLAP = timedelta(seconds=10)


@click.group()
def audit() -> None:
    """The audit trail: tail, search."""


@audit.command()
@click.option(
    "-n",
    "count",
    type=click.IntRange(0, 10_000),
    default=20,
    show_default=True,
    help="So many events.",
)
@click.option("-f", "--follow", is_flag=True, help="Go on as events come in, until Ctrl-C.")
@click.pass_obj
def tail(toolbox: Toolbox, count: int, *, follow: bool) -> None:
    """Show the latest events, the newest at the end."""
    from idp.store.audit import AuditQuery

    shown = _find(toolbox, AuditQuery(), count)
    _print(shown)
    seen = {event.id for event in shown}
    while follow:
        time.sleep(_LOOK_SECONDS)
        since = toolbox.clock.now() - _OVERLAP
        fresh = [event for event in _find(toolbox, AuditQuery(since=since)) if event.id not in seen]
        _print(fresh)
        seen |= {event.id for event in fresh}


@audit.command()
@click.option("--finess", type=Finess(), metavar="FINESS", help="Of this FINESS number.")
@click.option(
    "--event",
    type=click.Choice([event.value for event in Event]),
    metavar="NAME",
    help="Of this name, such as login.failed.",
)
@click.option("--client", "client_id", help="Of this relying party.")
@click.option(
    "--request", "request", help="Of this request: its id, or the reference that its page showed."
)
@click.option(
    "--since", type=Moment(), metavar="TIME", help="From then on: local, or with an offset."
)
@click.option("--until", type=Moment(), metavar="TIME", help="Before then.")
@click.option(
    "--limit",
    type=click.IntRange(1, _MAX_LOOKED_AT),
    default=100,
    show_default=True,
    help="The latest so many.",
)
@click.pass_obj
def search(
    toolbox: Toolbox,
    *,
    finess: str | None,
    event: str | None,
    client_id: str | None,
    request: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
) -> None:
    """Show the events that match every option, the newest at the end.

    None did: exit code 1, as grep has it.

    A --request is looked for among the latest 100 000 events that match the rest.
    """
    from idp.store.audit import AuditQuery

    query = AuditQuery(name=event, finess=finess, client_id=client_id, since=since, until=until)
    if request is None:
        found = _find(toolbox, query, limit)
    else:
        among = _find(toolbox, query, _MAX_LOOKED_AT)
        found = [each for each in among if _is_of_request(each, request)][-limit:]
    _print(found)
    if not found:
        click.echo("No event matches.", err=True)
        raise SystemExit(1)


def _find(toolbox: Toolbox, query: "AuditQuery", limit: int = 10_000) -> "Sequence[AuditEvent]":
    with toolbox.unit_of_work() as unit:
        return list(reversed(unit.audit.find(query, limit=limit)))


def _is_of_request(event: "AuditEvent", wanted: str) -> bool:
    """Say whether `wanted` is the id or the reference, however typed, of the event's request."""
    from idp.web.references import make_reference

    request_id = event.request_id or ""
    reference = make_reference(request_id).replace("-", "")
    return wanted == request_id or wanted.upper().replace("-", "") == reference


def _print(events: "Sequence[AuditEvent]") -> None:
    for event in events:
        click.echo(_describe(event))


def _describe(event: "AuditEvent") -> str:
    parts = {
        "finess": event.finess,
        "sub": event.sub,
        "client": event.client_id,
        "reason": event.reason,
        "network": event.network,
        "operator": event.operator,
        "request": event.request_id,
        **event.details,
    }
    told = " ".join(f"{name}={value}" for name, value in parts.items() if value)
    return f"{show_time(event.at)}  {event.name:<24} {told}".rstrip()
