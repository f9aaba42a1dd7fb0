"""How `idp clients` shows records and their changes: never a secret, nor a digest."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from idp.cli.arguments import show_time
from idp.protocol.client import Client
from idp.protocol.client_records import ClientChange
from idp.protocol.client_values import READERS, show_field


def summarize_clients(clients: Iterable[Client], now: datetime) -> Iterator[str]:
    """Yield a few lines a client, the first with its id and name; nothing is cut to the screen."""
    for client in clients:
        alive = sum(secret.is_alive(now) for secret in client.secrets)
        party = "first" if client.is_first_party else "third"
        yield f"{client.client_id}  {client.name}"
        yield f"    {party} party, {client.token_endpoint_auth_method}, secrets: {alive}"
        yield from (f"    {uri}" for uri in client.redirect_uris)


def list_fields(client: Client, now: datetime) -> Iterator[str]:
    """Yield a line for each field that holds something, then one for each secret."""
    for name in READERS:
        shown = show_field(getattr(client, name))
        if shown:
            yield f"{name}: {shown}"
    for secret in client.secrets:
        alive = "alive" if secret.is_alive(now) else "over"
        until = f", until {show_time(secret.expires_at)}" if secret.expires_at else ""
        yield f"secret: {alive}, made {show_time(secret.created_at)}{until}"
    if client.updated_at:
        yield f"changed: {show_time(client.updated_at)}"


def list_changes(change: ClientChange) -> Iterator[str]:
    """Yield what a change of a record is, a line each."""
    yield f"{'+' if change.before is None else '~'} {change.after.client_id}"
    for name in change.fields:
        if name == "secrets":
            if change.before is not None:
                yield "    secrets: others"
            continue
        after = show_field(getattr(change.after, name))
        if change.before is None:
            if after:
                yield f"    {name}: {after}"
        else:
            yield f"    {name}: {show_field(getattr(change.before, name)) or '-'} -> {after or '-'}"
