"""Clients as operators write them: the file clients.toml, or values given to `idp clients`.

A client's secrets live in the database: a table without `secret_digests` leaves them as they are.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from idp.protocol.client import Client, ClientSecret
from idp.protocol.client_faults import find_client_faults
from idp.protocol.client_secrets import MAX_SECRETS
from idp.protocol.client_values import READERS, read_field
from idp.protocol.ports import Clients

_NEEDED = ("client_id", "name", "redirect_uris")


class ClientFaultsError(Exception):
    """Records have faults; `faults` holds one sentence for each."""

    def __init__(self, faults: Sequence[str]) -> None:
        """Keep the sentences; the message lists them all."""
        self.faults = tuple(faults)
        super().__init__("\n".join(f"  - {fault}" for fault in faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientChange:
    """How a record differs from the one that is kept; `before` None is a new client."""

    before: Client | None
    after: Client

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that change, secrets included."""
        names = (*READERS, "secrets")
        return tuple(n for n in names if getattr(self.before, n, None) != getattr(self.after, n))


def parse_clients(text: str, now: datetime) -> list[Client]:
    """Return the clients of a clients.toml.

    Raises:
        ClientFaultsError: with every fault of the file.

    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ClientFaultsError([f"the file is not TOML: {error}"]) from error
    listed = tables.pop("clients", [])
    if tables or not isinstance(listed, list) or not all(isinstance(t, dict) for t in listed):
        raise ClientFaultsError(["the file may hold [[clients]] tables alone"])
    clients: list[Client] = []
    faults: list[str] = []
    for table in listed:
        try:
            clients.append(build_client(table, now))
        except ClientFaultsError as error:
            faults += error.faults
    ids = [client.client_id for client in clients]
    faults += [f"{name}: is there twice" for name in sorted({n for n in ids if ids.count(n) > 1})]
    if faults:
        raise ClientFaultsError(faults)
    return clients


def build_client(
    values: Mapping[str, Any], now: datetime, *, before: Client | None = None
) -> Client:
    """Return the record that these values describe, or an earlier one changed by them.

    Raises:
        ClientFaultsError: with every fault.

    """
    given = dict(values)
    digests = given.pop("secret_digests", None)
    read, faults = _read_fields(given)
    if digests is not None:
        read["secrets"], found = _read_digests(digests, now)
        faults += found
    if before is None:
        faults += [f"{name}: is missing" for name in _NEEDED if name not in values]
    if faults:
        name = before.client_id if before else values.get("client_id", "a client")
        raise ClientFaultsError([f"{name}: {fault}" for fault in faults])
    client = replace(before, **read) if before else Client(**read)
    if faults := find_client_faults(client):
        raise ClientFaultsError(faults)
    return client


def plan_changes(wanted: Iterable[Client], kept: Clients) -> Iterator[ClientChange]:
    """Yield what `apply_change` would change; clients that are not named stay as they are."""
    for client in wanted:
        before = kept.find(client.client_id)
        change = ClientChange(before=before, after=_keep_secrets(client, before))
        if before is None or change.fields:
            yield change


def apply_change(change: ClientChange, kept: Clients, now: datetime) -> None:
    """Keep the record."""
    kept.save(replace(change.after, updated_at=now))


def apply_clients(wanted: Iterable[Client], kept: Clients, now: datetime) -> list[ClientChange]:
    """Keep every record that differs; return what changed. Clients not named stay as they are."""
    changes = list(plan_changes(wanted, kept))
    for change in changes:
        apply_change(change, kept, now)
    return changes


def _read_fields(given: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    read: dict[str, Any] = {}
    faults = []
    for name, value in given.items():
        try:
            read[name] = read_field(name, value)
        except KeyError:
            faults.append(f"{name}: there is no such field")
        except ValueError as error:
            faults.append(f"{name}: {error}")
    return read, faults


def _read_digests(digests: object, now: datetime) -> tuple[tuple[ClientSecret, ...], list[str]]:
    """Read the SHA-256 digests of secrets, as `secret_values.digest` writes them."""
    if not isinstance(digests, list) or not all(_is_digest(digest) for digest in digests):
        return (), ["secret_digests: must be one or two digests of 43 characters"]
    if len(digests) > MAX_SECRETS:
        return (), ["secret_digests: two secrets may live at a time"]
    return tuple(ClientSecret(digest=digest, created_at=now) for digest in digests), []


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]{43}", value) is not None


def _keep_secrets(client: Client, before: Client | None) -> Client:
    """Keep the secrets as they are where none are named, or the same ones."""
    if before is None:
        return client
    named = {secret.digest for secret in client.secrets}
    is_same = not named or named == {secret.digest for secret in before.secrets}
    return replace(client, secrets=before.secrets) if is_same else client
