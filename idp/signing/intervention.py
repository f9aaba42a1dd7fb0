"""What an admin may do to one key, out of the schedule's turn. Pure functions."""

from dataclasses import replace
from datetime import datetime

from idp.signing.errors import KeyChangeRefusedError, TooEarlyError
from idp.signing.key_ring import KeyRing
from idp.signing.policy import RotationPolicy
from idp.signing.signing_key import KeyLife, KeyPlan, KeyState, SigningKey


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
