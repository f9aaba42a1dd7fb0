"""One key signs with each algorithm for ever: which to make, and for when. Pure functions."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from idp.signing.errors import TooEarlyError
from idp.signing.key_ring import KeyRing
from idp.signing.policy import RotationPolicy
from idp.signing.signing_key import KeyLife, KeyPlan, KeyState, SigningKey


def plan_first_keys(
    ring: KeyRing, algorithms: Iterable[str], *, now: datetime, policy: RotationPolicy
) -> list[KeyPlan]:
    """Return the keys to make for the algorithms that none signs with, now or next.

    The very first keys sign at once, those made within the hour included (a first start that was
    interrupted): hardly anybody knows the provider yet. So does one that replaces a lost key. A
    further algorithm is announced like any new key.
    """
    known = {life.key.algorithm for life in ring.lives}
    served = {
        life.key.algorithm
        for life in ring.lives
        if life.state_at(now) in {KeyState.NEXT, KeyState.ACTIVE}
    }
    announced = now + policy.shortest_manual_announce
    begun_at = min((life.key.published_at for life in ring.lives), default=now)
    is_first_start = now < begun_at + policy.shortest_manual_announce
    return [
        KeyPlan(
            algorithm=algorithm,
            published_at=now,
            signs_from=now if is_first_start or algorithm in known else announced,
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
        reason = "relying parties that keep the key set would not know the key in time"
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


def plan_extensions(ring: KeyRing, *, now: datetime, policy: RotationPolicy) -> list[SigningKey]:
    """Return the keys to change because tokens live longer by now than when they were announced.

    What changes is the date their predecessor is gone at.
    """
    return [
        replace(life.successor, predecessor_gone_at=policy.outlive(life.successor.signs_from))
        for life in ring.lives
        if life.successor is not None and goes_too_early(life, now=now, policy=policy)
    ]


def goes_too_early(life: KeyLife, *, now: datetime, policy: RotationPolicy) -> bool:
    """Say whether a key will be gone before the last token it signs has died."""
    if life.signs_until is None or life.gone_at is None or life.key.revoked_at is not None:
        return False
    return now < life.gone_at < policy.outlive(life.signs_until)


def next_announcement_at(active: SigningKey, policy: RotationPolicy) -> datetime:
    """Return when the schedule announces the successor of an active key."""
    return active.signs_from + policy.rotation_interval - policy.scheduled_announce


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
