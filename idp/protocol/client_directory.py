"""The clients' records as requests look them up: kept for some seconds."""

import re
from collections.abc import Callable
from time import monotonic

from idp.protocol.client import Client

# What no record can be called is not asked for: a NUL or half a surrogate pair, read out of a
# Basic header or a JWT, is more than a database takes.
_CLIENT_ID = re.compile(r"[\x20-\x7e]{1,64}")
_LIFETIME_SECONDS = 5.0
_MOST_KEPT = 1000


class CachedClients:
    """Implements `ports.ClientDirectory`: a change is seen within five seconds on every node.

    At most 1 000 records are kept, found ones alone: made-up ids cannot fill the memory.
    """

    def __init__(
        self, find: Callable[[str], Client | None], *, timer: Callable[[], float] = monotonic
    ) -> None:
        """Take what finds a record, and what measures its age."""
        self._find = find
        self._timer = timer
        self._kept: dict[str, tuple[float, Client]] = {}

    def find(self, client_id: str) -> Client | None:
        """Return the client of that id, None where there is none."""
        if not _CLIENT_ID.fullmatch(client_id):
            return None
        kept = self._kept.get(client_id)
        if kept and self._timer() - kept[0] < _LIFETIME_SECONDS:
            return kept[1]
        client = self._find(client_id)
        self._keep(client_id, client)
        return client

    def _keep(self, client_id: str, client: Client | None) -> None:
        self._kept.pop(client_id, None)
        if client is None:
            return
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[client_id] = (self._timer(), client)
