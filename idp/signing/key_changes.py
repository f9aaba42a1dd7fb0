"""What an admin or the schedule does to keys: every act is locked, checked, made and recorded."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from idp.audit_events import Event
from idp.clock import Clock
from idp.signing.errors import KeyChangeRefusedError
from idp.signing.intervention import (
    check_removal,
    plan_promotion,
    plan_rehearsal,
    plan_revocation,
)
from idp.signing.key_ring import KeyRing
from idp.signing.live_keys import load_ring
from idp.signing.policy import RotationPolicy
from idp.signing.ports import AuditTrail, KeyStore
from idp.signing.rotation import (
    plan_extensions,
    plan_first_keys,
    plan_rotation,
    plan_scheduled_rotations,
)
from idp.signing.signing_key import KeyLife, KeyPlan, KeyState, SigningKey


class KeyKeeper:
    """The one way to change keys. Any number of processes may try at once: they take turns.

    Each change raises KeysRefusedError, and does nothing, where the present keys cannot be used.
    """

    def __init__(
        self, store: KeyStore, *, policy: RotationPolicy, clock: Clock, audit: AuditTrail
    ) -> None:
        """Take where keys are kept, the rules, the time, and the memory of changes."""
        self._store = store
        self._policy = policy
        self._clock = clock
        self._audit = audit

    def make_first_keys(self, algorithms: Iterable[str]) -> list[SigningKey]:
        """Make a key for each algorithm that has none, and return those made."""
        self._store.prepare()
        with self._store.make_changes():
            now = self._clock.now()
            ring = KeyRing(self._store.load_keys())
            plans = plan_first_keys(ring, algorithms, now=now, policy=self._policy)
            return [self._create(Event.KEYS_CREATED, plan) for plan in plans]

    def rotate(self, algorithm: str, *, announce: timedelta | None = None) -> SigningKey | None:
        """Announce the next key of an algorithm and return it; None where one is announced.

        Raises:
            NoActiveKeyError: the algorithm has no key to replace.
            TooEarlyError: `announce` is shorter than relying parties may keep the JWKS.

        """
        with self._change() as (ring, now):
            plan = plan_rotation(ring, algorithm, now=now, policy=self._policy, announce=announce)
            return None if plan is None else self._create(Event.KEYS_ROTATED, plan)

    def run_schedule(self) -> list[SigningKey]:
        """Do what the schedule says is due, for a worker to call now and then.

        Returns the keys that were announced. It also keeps retired keys for longer where tokens
        live longer than when their end was set.
        """
        now = self._clock.now()
        if not any(self._plan_chores(load_ring(self._store, now, required=()), now)):
            return []
        # Planned again under the lock: another worker may have been faster.
        with self._change() as (ring, now):
            plans, extensions = self._plan_chores(ring, now)
            for key in extensions:
                self._replace(Event.KEYS_EXTENDED, key)
            return [self._create(Event.KEYS_SCHEDULED, plan) for plan in plans]

    def promote(self, kid: str) -> SigningKey:
        """Let the next key sign now, ahead of its date, and return it.

        Raises:
            KeyChangeRefusedError: the key is unknown or not next.
            TooEarlyError: some relying party may not know the key yet.

        """
        with self._change() as (ring, now):
            key = plan_promotion(find_key(ring, kid), now=now, policy=self._policy)
            return self._replace(Event.KEYS_PROMOTED, key)

    def rehearse(self, kid: str, client_id: str) -> SigningKey:
        """Let the next key sign for one client alone, and return it.

        Raises:
            KeyChangeRefusedError: the key is unknown or not next.
            TooEarlyError: the client may not know the key yet.

        """
        with self._change() as (ring, now):
            life = find_key(ring, kid)
            key = plan_rehearsal(life, client_id, now=now, policy=self._policy)
            return self._replace(Event.KEYS_REHEARSED, key, client_id=client_id)

    def end_rehearsal(self, kid: str, client_id: str) -> SigningKey:
        """Let the active key sign for this client again, and return the key it rehearsed.

        Raises:
            KeyChangeRefusedError: the key is unknown.

        """
        with self._change() as (ring, _now):
            key = find_key(ring, kid).key
            key = replace(key, rehearsed_by=key.rehearsed_by - {client_id})
            return self._replace(Event.KEYS_REHEARSAL_ENDED, key, client_id=client_id)

    def revoke(self, kid: str, *, reason: str | None = None) -> SigningKey | None:
        """End a key at once; return the key that signs instead, if this one was signing.

        Raises:
            KeyChangeRefusedError: the key is unknown or gone already.

        """
        with self._change() as (ring, now):
            life = find_key(ring, kid)
            for step in plan_revocation(ring, life, now=now):
                if isinstance(step, KeyPlan):
                    self._store.create_key(step)
                else:
                    self._store.replace_key(step)
            self._record(Event.KEYS_REVOKED, life.key, reason=reason)
            if life.state_at(now) is not KeyState.ACTIVE:
                return None
            return KeyRing(self._store.load_keys()).active(life.key.algorithm, now)

    def remove(self, kid: str) -> None:
        """Destroy a key that nothing needs any more.

        Raises:
            KeyChangeRefusedError: the key is unknown.
            TooEarlyError: it is still needed, until the error's `safe_at`.

        """
        with self._change() as (ring, now):
            life = find_key(ring, kid)
            check_removal(life, now=now)
            self._store.remove_key(kid)
            self._record(Event.KEYS_REMOVED, life.key)

    @contextmanager
    def _change(self) -> Iterator[tuple[KeyRing, datetime]]:
        """Hold the lock around a change, and keep the notes of who takes over from whom."""
        with self._store.make_changes():
            now = self._clock.now()
            self._note_successors(load_ring(self._store, now, required=()))
            yield load_ring(self._store, now, required=()), now
            self._note_successors(KeyRing(self._store.load_keys()))

    def _note_successors(self, ring: KeyRing) -> None:
        """Note in each key's file who takes over; before a change, for a process that died."""
        for life in ring.lives:
            successor = life.successor.kid if life.successor else None
            if life.key.successor != successor:
                self._store.replace_key(replace(life.key, successor=successor))

    def _plan_chores(self, ring: KeyRing, now: datetime) -> tuple[list[KeyPlan], list[SigningKey]]:
        return (
            plan_scheduled_rotations(ring, now=now, policy=self._policy),
            plan_extensions(ring, now=now, policy=self._policy),
        )

    def _create(self, act: Event, plan: KeyPlan) -> SigningKey:
        key = self._store.create_key(plan)
        self._record(act, key)
        return key

    def _replace(self, act: Event, key: SigningKey, **details: str) -> SigningKey:
        self._store.replace_key(key)
        self._record(act, key, **details)
        return key

    def _record(
        self, act: Event, key: SigningKey, *, reason: str | None = None, **details: str
    ) -> None:
        dates = {"algorithm": key.algorithm, "signs_from": key.signs_from.isoformat()}
        self._audit.record(act, reason=reason, details={"kid": key.kid, **dates, **details})


def find_key(ring: KeyRing, kid: str) -> KeyLife:
    """Return the key of that kid with its dates, or raise KeyChangeRefusedError."""
    life = ring.find(kid)
    if life is None:
        raise KeyChangeRefusedError(f"no key is called {kid}: idp keys list")
    return life
