"""The keys of a running process, which notices within seconds that the folder changed."""

from collections.abc import Callable, Collection
from datetime import datetime
from threading import Lock
from time import monotonic

from idp.clock import Clock
from idp.signing.errors import KeyFault, KeysRefusedError
from idp.signing.key_ring import KeyRing, find_ring_faults
from idp.signing.ports import KeyStore


def load_ring(store: KeyStore, now: datetime, *, required: Collection[str]) -> KeyRing:
    """Load all keys and check them as a whole.

    Raises:
        KeysRefusedError: a key cannot be used, one is missing, or no key signs with one of the
            `required` algorithms; it holds every fault.

    """
    ring = KeyRing(store.load_keys())
    faults = find_ring_faults(ring, now, required=required)
    if faults:
        raise KeysRefusedError(faults)
    return ring


class LiveKeys:
    """The present key ring, looked for changes at most every `check_seconds`.

    The look is a listing of the folder; files are parsed when they changed, by the one request
    that noticed, while the others go on with the ring they have. Should the changed folder be
    unusable, the last good ring goes on serving and `faults` says why.
    """

    def __init__(
        self,
        store: KeyStore,
        clock: Clock,
        *,
        required: Collection[str],
        check_seconds: float = 2,
        timer: Callable[[], float] = monotonic,
    ) -> None:
        """Load the keys.

        Raises:
            KeysRefusedError: they cannot be used.

        """
        self._store = store
        self._clock = clock
        self._required = tuple(required)
        self._check_seconds = check_seconds
        self._timer = timer
        self._checking = Lock()
        self._fingerprint = store.fingerprint()
        self._ring = load_ring(store, clock.now(), required=required)
        self._next_check = timer() + check_seconds
        self.faults: tuple[KeyFault, ...] = ()
        """What is wrong with the folder since it last changed; empty while all is well."""

    def ring(self) -> KeyRing:
        """Return the present keys."""
        if self._timer() >= self._next_check and self._checking.acquire(blocking=False):
            try:
                self.refresh()
            finally:
                self._next_check = self._timer() + self._check_seconds
                self._checking.release()
        return self._ring

    def refresh(self) -> None:
        """Look at the folder now, and load what changed."""
        fingerprint = self._store.fingerprint()
        if fingerprint != self._fingerprint:
            try:
                self._ring = self._load_anew()
            except KeysRefusedError as error:
                self.faults = error.faults  # and look again at the next check
                return
        self._fingerprint = fingerprint
        self.faults = ()

    def _load_anew(self) -> KeyRing:
        """Load the keys; an algorithm that signed goes on signing, its only key cannot vanish."""
        now = self._clock.now()
        required = {*self._required, *self._ring.algorithms(now)}
        return load_ring(self._store, now, required=required)
