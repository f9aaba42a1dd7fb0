"""A client's record as JSON: lifetimes in seconds, moments in ISO 8601, absent fields defaults."""

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from idp.protocol.client import AuthMethod, Client, ClientSecret

LIFETIMES = frozenset({"access_token_lifetime", "id_token_lifetime", "refresh_token_lifetime"})


def write_client(client: Client) -> dict[str, Any]:
    """Return the record as JSON's own types."""
    return {field.name: _write(getattr(client, field.name)) for field in fields(client)}


def read_client(record: dict[str, Any]) -> Client:
    """Return the client that a record written by this or an earlier version describes."""
    known = {field.name for field in fields(Client)}
    return Client(**{name: _read(name, value) for name, value in record.items() if name in known})


def _write(value: Any) -> Any:  # noqa: ANN401 - a field's value
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, ClientSecret):
        return {field.name: _write(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_write(item) for item in value]
    return value


def _read(name: str, value: Any) -> Any:  # noqa: ANN401 - a field's value
    if value is None:
        return None
    if name in LIFETIMES:
        return timedelta(seconds=value)
    if name == "token_endpoint_auth_method":
        return AuthMethod(value)
    if name == "secrets":
        return tuple(_read_secret(secret) for secret in value)
    if name == "updated_at":
        return datetime.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value


def _read_secret(record: dict[str, str | None]) -> ClientSecret:
    ends, begins = record["expires_at"], record["created_at"]
    return ClientSecret(
        digest=record["digest"] or "",
        created_at=datetime.fromisoformat(begins or ""),
        expires_at=datetime.fromisoformat(ends) if ends else None,
    )
