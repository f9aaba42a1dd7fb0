"""Fetches what a client publishes at its `jwks_uri`: implements `JwksFetcher` of the protocol."""

import json
from collections.abc import Mapping
from typing import Any, Protocol

import structlog

from idp.outbound.http_client import Answer, ExchangeError

_OK = 200


class Getter(Protocol):
    """The guarded HTTP client, as far as it is needed here."""

    def get(self, url: str) -> Answer:
        """Fetch an address, or raise `ExchangeError`."""


class HttpJwksFetcher:
    """Fetches keys over the guarded client; whoever asks keeps them, and bounds how often."""

    def __init__(self, http: Getter) -> None:
        """Take the client."""
        self._http = http

    def fetch(self, uri: str) -> Mapping[str, Any] | None:
        """Return the JSON object found there; None where there is none, the reason in the log."""
        try:
            answer = self._http.get(uri)
            found = json.loads(answer.body) if answer.status == _OK else None
        except (ExchangeError, ValueError, RecursionError) as error:
            _complain(uri, str(error))
            return None
        if not isinstance(found, dict):
            _complain(uri, f"status {answer.status}, or no JSON object")
            return None
        return found


def _complain(uri: str, reason: str) -> None:
    structlog.get_logger("idp.outbound").warning("jwks.unavailable", uri=uri, reason=reason)
