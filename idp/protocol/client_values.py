"""The fields of a client's record as operators write them: in TOML, or on a command line."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from idp.durations import read_duration, show_duration
from idp.protocol.client import AuthMethod

_WORDS = {"true": True, "yes": True, "false": False, "no": False}


def read_field(name: str, value: object) -> Any:  # noqa: ANN401 - as the field is
    """Return the value of a record's field.

    Raises:
        ValueError: it is not of the field's kind; the message says of which it must be.
        KeyError: there is no such field to write.

    """
    return READERS[name](value)


def show_field(value: object) -> str:
    """Return a field's value as one would write it."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, timedelta):
        return show_duration(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _read_text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("must be text")
    return value


def _read_optional(value: object) -> str | None:
    return None if value is None or value == "" else _read_text(value)


def _read_texts(value: object) -> tuple[str, ...]:
    """Read a list, or text with commas."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("must be a list of texts")
    return tuple(value)


def _read_yes_or_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _WORDS:
        return _WORDS[value.lower()]
    raise ValueError("must be true or false")


def _read_lifetime(value: object) -> timedelta | None:
    """Read a duration, or a number of seconds; nothing is the provider's own."""
    if value is None or value == "":
        return None
    return read_duration(f"{value} s" if type(value) is int else value)


def _read_auth_method(value: object) -> AuthMethod:
    try:
        return AuthMethod(str(value))
    except ValueError:
        raise ValueError(f"must be one of {', '.join(AuthMethod)}") from None


def _read_jwks(value: object) -> dict[str, Any] | None:
    """Read a table, or JSON."""
    if not value:
        return None
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    raise ValueError('must be a JWK set, {"keys": [...]}')


READERS: Mapping[str, Callable[[object], Any]] = {
    "client_id": _read_text,
    "name": _read_text,
    "redirect_uris": _read_texts,
    "application_type": _read_text,
    "token_endpoint_auth_method": _read_auth_method,
    "jwks": _read_jwks,
    "jwks_uri": _read_optional,
    "scopes": _read_texts,
    "grant_types": _read_texts,
    "is_first_party": _read_yes_or_no,
    "require_pkce": _read_yes_or_no,
    "require_pushed_authorization_requests": _read_yes_or_no,
    "subject_type": _read_text,
    "sector_identifier": _read_optional,
    "id_token_signed_response_alg": _read_text,
    "userinfo_signed_response_alg": _read_optional,
    "access_token_lifetime": _read_lifetime,
    "id_token_lifetime": _read_lifetime,
    "refresh_token_lifetime": _read_lifetime,
    "post_logout_redirect_uris": _read_texts,
    "backchannel_logout_uri": _read_optional,
    "backchannel_logout_session_required": _read_yes_or_no,
    "frontchannel_logout_uri": _read_optional,
    "frontchannel_logout_session_required": _read_yes_or_no,
    "initiate_login_uri": _read_optional,
    "allowed_origins": _read_texts,
    "logo": _read_optional,
    "contacts": _read_texts,
}
"""Every field that is written by hand: secrets and dates are kept by the provider."""
