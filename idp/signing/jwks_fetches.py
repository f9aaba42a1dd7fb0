"""Which addresses fetched the JWKS lately, kept in memory until the worker saves it.

Serving the JWKS touches no database. A process that is killed forgets what it had not saved.
"""

from collections import OrderedDict
from datetime import datetime
from threading import Lock


class JwksFetchLog:
    """The last fetch of each address, of the addresses seen last: a flood of others costs nothing."""

    def __init__(self, *, max_addresses: int = 1000) -> None:
        """Take how many addresses to remember."""
        self._max_addresses = max_addresses
        self._fetches: OrderedDict[str, datetime] = OrderedDict()
        self._lock = Lock()

    def note(self, address: str, now: datetime) -> None:
        """Remember that this address fetched the JWKS."""
        with self._lock:
            self._fetches[address] = now
            self._fetches.move_to_end(address)
            if len(self._fetches) > self._max_addresses:
                self._fetches.popitem(last=False)

    def take(self) -> dict[str, datetime]:
        """Return what was noted since the last call, and forget it."""
        with self._lock:
            fetches = dict(self._fetches)
            self._fetches.clear()
            return fetches
