"""What an admin, or the schedule, can do with keys: each act is locked, checked, made, recorded."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from idp.clock import Clock
from idp.signing.errors import KeyChangeRefusedError
from idp.signing.key_ring import KeyRing
from idp.signing.live_keys import load_ring
from idp.signing.ports import AuditTrail, KeyStore
from idp.signing.rotation import (
    RotationPolicy,
    check_removal,
    plan_first_keys,
    plan_promotion,
    plan_rehearsal,
    plan_revocation,
    plan_rotation,
    plan_scheduled_rotations,
)
from idp.signing.signing_key import KeyLife, KeyPlan, KeyState, SigningKey


class KeyKeeper:
    """The one way to change keys. Any number of processes may try at once: they take turns."""

    def __init__(
        self, store: KeyStore, *, policy: RotationPolicy, clock: Clock, audit: AuditTrail
    ) -> None:
        """Take where keys are kept, the rules, the time, and the memory of changes."""
        self._store = store
        self._policy = policy
        self._clock = clock
        self._audit = audit

    def make_first_keys(self, algorithms: Iterable[str]) -> list[SigningKey]:
        """Make a key for each algorithm that has none, and return those made.

        Raises:
            KeysRefusedError: the keys that are there cannot be used.

        """
        with self._change() as ring:
            now = self._clock.now()
            plans = plan_first_keys(ring, algorithms, now=now, policy=self._policy)
            return [self._announce(plan, "keys.created") for plan in plans]

    def rotate(
        self, algorithm: str, *, announce: timedelta | None = None
    ) -> tuple[SigningKey, bool]:
        """Announce the next key of an algorithm; return it, and whether it is new.

        Raises:
            KeysRefusedError: the present keys cannot be used.
            NoActiveKeyError: the algorithm has no key to replace.
            TooEarlyError: `announce` is too short.

        """
        with self._change() as ring:
            now = self._clock.now()
            plan = plan_rotation(ring, algorithm, now=now, policy=self._policy, announce=announce)
            if plan is None:
                return _get_next(ring, algorithm, self._clock), False
            return self._announce(plan, "keys.rotated"), True

    def run_schedule(self) -> list[SigningKey]:
        """Announce whatever is due, and return it: for a worker to call now and then.

        Raises:
            KeysRefusedError: the present keys cannot be used.

        """
        if not self._list_due(load_ring(self._store, self._clock.now(), required=())):
            return []
        with self._change() as ring:
            return [self._announce(plan, "keys.scheduled") for plan in self._list_due(ring)]
