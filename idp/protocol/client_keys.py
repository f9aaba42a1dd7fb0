"""The public keys of clients that sign: inline in the record, or at its `jwks_uri`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from idp.protocol.client import Client
from idp.protocol.ports import JwksFetcher

_KEPT_LIFETIME = timedelta(minutes=10)
_RETRY_INTERVAL = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Fetched:
    keys: KeySet | None
    fetched_at: datetime


class ClientKeys:
    """Finds a client's keys; what was fetched is kept for ten minutes, one entry a client.

    A kid that is not among kept keys makes them be fetched again, once a minute at most, so that
    a client may rotate its keys at any time.
    """

    def __init__(self, fetcher: JwksFetcher) -> None:
        """Take what fetches a JWK set from its address."""
        self._fetcher = fetcher
        self._fetched: dict[str, _Fetched] = {}

    def find(self, client: Client, kid: str | None, now: datetime) -> KeySet | None:
        """Return the client's keys, None where it has none that can be read."""
        if client.jwks is not None:
            return read_key_set(client.jwks)
        if client.jwks_uri is None:
            return None
        kept = self._fetched.get(client.client_id)
        if kept is None or _must_fetch(kept, kid, now):
            if kept is not None:
                # Others go on with these meanwhile: a slow answer takes one thread, not all.
                self._fetched[client.client_id] = replace(kept, fetched_at=now)
            found = self._fetcher.fetch(client.jwks_uri)
            kept = _Fetched(read_key_set(found) if found else None, now)
            self._fetched[client.client_id] = kept
        return kept.keys


def read_key_set(jwks: Mapping[str, Any]) -> KeySet | None:
    """Return the asymmetric keys of a JWK set, None where it cannot be read (RFC 7517 5)."""
    listed = jwks.get("keys")
    if not isinstance(listed, list):
        return None
    usable = [key for key in listed if isinstance(key, dict) and key.get("kty") != "oct"]
    try:
        return KeySet.import_key_set({"keys": usable}) if usable else None
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _must_fetch(kept: _Fetched, kid: str | None, now: datetime) -> bool:
    age = now - kept.fetched_at
    if kept.keys is None or (kid and kid not in {key.kid for key in kept.keys.keys}):
        return age >= _RETRY_INTERVAL
    return age >= _KEPT_LIFETIME
