"""`idp mail`: what waits to leave, what was given up, and trying it again."""

from collections.abc import Iterator

import click

from idp.audit_events import Event
from idp.cli.arguments import show_time
from idp.cli.toolbox import Toolbox
from idp.outbound.ports import OutboxItem, OutboxQueue, OutboxState

_STATES = [str(state) for state in OutboxState]


@click.group()
def mail() -> None:
    """What waits to leave: list, retry. Links and codes are shown by no command."""


@mail.command("list")
@click.option("--state", type=click.Choice(_STATES), help="Those alone; every one if not said.")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="At most so many."
)
@click.pass_obj
def list_items(toolbox: Toolbox, state: str | None, limit: int) -> None:
    """Show mails and logout notices, newest first.

    A mail to nobody is for a number or an address that no account has, or for an account without
    address: nothing is sent, the answer only had to take as long as any.
    """
    with toolbox.unit_of_work() as unit:
        now = toolbox.clock.now()
        depth = unit.outbox.depth(now)
        items = unit.outbox.find_page(OutboxState(state) if state else None, limit=limit)
    for item in items:
        toolbox.console.print(_describe(item), markup=False, soft_wrap=True)
    age = f", the oldest for {str(depth.oldest_age).partition('.')[0]}" if depth.waiting else ""
    toolbox.console.print(f"{depth.waiting} waiting{age}; {depth.dead} given up")


@mail.command()
@click.argument("item_ids", nargs=-1, metavar="[ID]...")
@click.option("--dead", "retries_dead", is_flag=True, help="All that was given up.")
@click.pass_obj
def retry(toolbox: Toolbox, item_ids: tuple[str, ...], *, retries_dead: bool) -> None:
    """Make items due now. What was given up and held a link or code stays so: both are erased.

    Exit code 1 where an item could not be made due.
    """
    if bool(item_ids) == retries_dead:
        raise click.UsageError("name the items, or say --dead")
    with toolbox.unit_of_work() as unit:
        wanted = list(item_ids) or [item.id for item in _find_dead(unit.outbox)]
        now = toolbox.clock.now()
        due = [item_id for item_id in wanted if unit.outbox.retry(item_id, now)]
        for item_id in due:
            unit.audit.record(Event.MAIL_RETRIED, details={"item": item_id})
    click.echo(f"{len(due)} of {len(wanted)} are due now")
    if len(due) < len(wanted):
        click.echo("The others are delivered, unknown, or their link or code is erased.", err=True)
        raise SystemExit(1)


def _find_dead(outbox: OutboxQueue) -> Iterator[OutboxItem]:
    last: OutboxItem | None = None
    while page := outbox.find_page(OutboxState.DEAD, after=last, limit=500):
        yield from page
        last = page[-1]


def _describe(item: OutboxItem) -> str:
    """Say an item in two lines; its id is whole at any width, since `idp mail retry` wants it."""
    what = " ".join(filter(None, (item.kind, item.template)))
    tries = f"{item.state}, tries: {item.attempts}"
    if item.state is OutboxState.WAITING:
        tries += f", the next at {show_time(item.next_attempt_at)}"
    told = ": ".join(filter(None, (tries, item.last_error)))
    recipient = item.recipient or "nobody"
    return f"{show_time(item.created_at)}  {what} to {recipient}  {item.id}\n    {told}"
