"""What may be done with keys, and when, so that no relying party notices. Pure functions.

A relying party keeps the JWKS for its max-age. A key may therefore sign only once it has been
published for longer than that, and must stay published until the last token it signed has died
(OpenID Connect Core section 10.1.1).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from idp.signing.errors import KeyChangeRefusedError, TooEarlyError
from idp.signing.key_ring import KeyRing
from idp.signing.signing_key import KeyLife, KeyPlan, KeyState, SigningKey


@dataclass(frozen=True, kw_only=True)
class RotationPolicy:
    """How long keys are announced, sign, and stay."""

    jwks_max_age: timedelta
    """How long relying parties may keep the JWKS."""
    longest_token_lifetime: timedelta
    """How long the longest-lived thing a key signs must verify after it was signed."""
    announce_lifetime: timedelta = timedelta(days=14)
    """How long the schedule publishes a key before it signs."""
    manual_announce_lifetime: timedelta = timedelta(hours=1)
    """The same for a rotation by hand."""
    rotation_interval: timedelta = timedelta(days=90)
    """How long the schedule lets a key sign."""
    clock_tolerance: timedelta = timedelta(seconds=60)
    """How far the clocks of nodes and relying parties may differ."""

    @property
    def shortest_announce(self) -> timedelta:
        """How long a key must be published before every relying party surely knows it."""
        return self.jwks_max_age + self.clock_tolerance

    @property
    def shortest_manual_announce(self) -> timedelta:
        """How long before its turn a key must be announced by hand."""
        return max(self.manual_announce_lifetime, self.shortest_announce)

    @property
    def scheduled_announce(self) -> timedelta:
        """How long before its turn the schedule announces a key."""
        return max(self.announce_lifetime, self.shortest_announce)

    def is_known_at(self, key: SigningKey) -> datetime:
        """Return when every relying party surely knows the key."""
        return key.published_at + self.shortest_announce

    def outlive(self, turn: datetime) -> datetime:
        """Return when everything that was signed before `turn` has surely died."""
        return turn + self.longest_token_lifetime + self.clock_tolerance


def plan_first_keys(
    ring: KeyRing, algorithms: Iterable[str], *, now: datetime, policy: RotationPolicy
) -> list[KeyPlan]:
    """Return the keys to make for the algorithms that none signs with, now or next.

    The very first keys sign at once: nobody knows the provider yet. So does one that replaces a
    lost key. A further algorithm is announced like any new key.
    """
    known = {life.key.algorithm for life in ring.lives}
    served = {
        life.key.algorithm
        for life in ring.lives
        if life.state_at(now) in {KeyState.NEXT, KeyState.ACTIVE}
    }
    later = now + policy.shortest_manual_announce
    return [
        KeyPlan(
            algorithm=algorithm,
            published_at=now,
            signs_from=later if served and algorithm not in known else now,
        )
        for algorithm in dict.fromkeys(algorithms)
        if algorithm not in served
    ]


def plan_rotation(
    ring: KeyRing,
    algorithm: str,
    *,
    now: datetime,
    policy: RotationPolicy,
    announce: timedelta | None = None,
) -> KeyPlan | None:
    """Return the key to announce by hand; None where one is announced already.

    Args:
        ring: the present keys.
        algorithm: which of them to replace.
        now: the present moment.
        policy: the dates' rules.
        announce: how long to publish the key before it signs; None for the shortest.

    Raises:
        NoActiveKeyError: there is nothing to replace.
        TooEarlyError: `announce` is too short for relying parties to notice in time.

    """
    shortest = policy.shortest_manual_announce
    if announce is not None and announce < shortest:
        reason = f"relying parties may keep the key set for {policy.jwks_max_age}"
        raise TooEarlyError(reason, now + shortest)
    active = ring.active(algorithm, now)
    if ring.find_next(algorithm, now) is not None:
        return None
    return _plan_successor(active, now=now, turn=now + (announce or shortest), policy=policy)


def plan_scheduled_rotations(
    ring: KeyRing, *, now: datetime, policy: RotationPolicy
) -> list[KeyPlan]:
    """Return the keys to announce because the active ones will have signed long enough."""
    plans = []
    for algorithm in ring.algorithms(now):
        active = ring.active(algorithm, now)
        is_due = next_announcement_at(active, policy) <= now
        if is_due and ring.find_next(algorithm, now) is None:
            ripe_at = active.signs_from + policy.rotation_interval
            turn = max(ripe_at, now + policy.scheduled_announce)
            plans.append(_plan_successor(active, now=now, turn=turn, policy=policy))
    return plans


def next_announcement_at(active: SigningKey, policy: RotationPolicy) -> datetime:
    """Return when the schedule announces the successor of an active key."""
    return active.signs_from + policy.rotation_interval - policy.scheduled_announce


def plan_promotion(life: KeyLife, *, now: datetime, policy: RotationPolicy) -> SigningKey:
    """Return the next key as it is when its turn comes now.

    Raises:
        KeyChangeRefusedError: it is not next.
        TooEarlyError: some relying party may not know it yet.

    """
    _check_known(life, now, policy)
    return replace(life.key, signs_from=now, predecessor_gone_at=policy.outlive(now))


def plan_rehearsal(
    life: KeyLife, client_id: str, *, now: datetime, policy: RotationPolicy
) -> SigningKey:
    """Return the next key as it is when it signs for one client alone.

    Raises:
        KeyChangeRefusedError: it is not next.
        TooEarlyError: the client may not know it yet, whatever its readiness.

    """
    _check_known(life, now, policy)
    return replace(life.key, rehearsed_by=life.key.rehearsed_by | {client_id})


def plan_revocation(ring: KeyRing, life: KeyLife, *, now: datetime) -> list[KeyPlan | SigningKey]:
    """Return the changes that end a key at once, to be made in this order.

    What takes over comes first, so that one key signs at every moment, whenever this stops:
    the announced key ahead of its time, or else a new one.

    Raises:
        KeyChangeRefusedError: the key is gone already.

    """
    state = life.state_at(now)
    if state is KeyState.GONE:
        raise KeyChangeRefusedError(f"{life.key.kid} is gone already")
    first: list[KeyPlan | SigningKey] = []
    if state is KeyState.ACTIVE:
        first.append(_plan_stand_in(ring, life.key, now))
    elif state is KeyState.RETIRED and life.successor is not None:
        first.append(replace(life.successor, predecessor_gone_at=now))
    return [*first, replace(life.key, revoked_at=now)]


def check_removal(life: KeyLife, *, now: datetime) -> None:
    """Let a key go that nothing needs any more.

    Raises:
        TooEarlyError: it is still needed; its `safe_at` is None where no end is planned.

    """
    state = life.state_at(now)
    if state is not KeyState.GONE:
        raise TooEarlyError(f"{life.key.kid} is {state} and still needed", life.gone_at)


def _check_known(life: KeyLife, now: datetime, policy: RotationPolicy) -> None:
    state = life.state_at(now)
    if state is not KeyState.NEXT:
        raise KeyChangeRefusedError(f"{life.key.kid} is not next but {state}")
    known_at = policy.is_known_at(life.key)
    if now < known_at:
        reason = f"relying parties that keep the key set may not know {life.key.kid} yet"
        raise TooEarlyError(reason, known_at)


def _plan_successor(
    active: SigningKey, *, now: datetime, turn: datetime, policy: RotationPolicy
) -> KeyPlan:
    return KeyPlan(
        algorithm=active.algorithm,
        published_at=now,
        signs_from=turn,
        predecessor=active.kid,
        predecessor_gone_at=policy.outlive(turn),
    )


def _plan_stand_in(ring: KeyRing, revoked: SigningKey, now: datetime) -> KeyPlan | SigningKey:
    announced = ring.find_next(revoked.algorithm, now)
    if announced is not None:
        return replace(announced.key, signs_from=now, predecessor_gone_at=now)
    return KeyPlan(
        algorithm=revoked.algorithm,
        published_at=now,
        signs_from=now,
        predecessor=revoked.kid,
        predecessor_gone_at=now,
    )
