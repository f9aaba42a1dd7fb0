"""Reading a JWT before anything about it is known to be true: to find whose keys to ask."""

import json
from base64 import urlsafe_b64decode
from typing import Any


def read_unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a compact JWS as they stand; both empty where it is none."""
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004 - header, payload, signature
        return {}, {}
    return _read_object(parts[0]), _read_object(parts[1])


def _read_object(encoded: str) -> dict[str, Any]:
    try:
        value = json.loads(urlsafe_b64decode(encoded.encode("ascii") + b"=" * (-len(encoded) % 4)))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
