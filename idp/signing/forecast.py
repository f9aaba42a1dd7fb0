"""What follows if an admin acts on a key now, and what the policy finds wrong. Pure functions."""

from collections.abc import Callable
from datetime import datetime

from idp.signing.errors import KeyFault
from idp.signing.key_ring import KeyRing
from idp.signing.policy import RotationPolicy
from idp.signing.rotation import goes_too_early
from idp.signing.signing_key import KeyLife, KeyState

_SCHEDULE = "Let a worker run (idp worker, or server.runs_worker), or: idp keys schedule"

ShowTime = Callable[[datetime], str]


def foresee(life: KeyLife, *, now: datetime, policy: RotationPolicy, show: ShowTime) -> str:
    """Return in a sentence what acting on this key at `now` would break, or that nothing would."""
    known_at = policy.is_known_at(life.key)
    match life.state_at(now):
        case KeyState.GONE:
            return "nothing would break: none of its tokens is trusted, it may be removed"
        case KeyState.RETIRED if life.gone_at is not None:
            return f"removing it would break tokens that live until {show(life.gone_at)}"
        case KeyState.NEXT if now < known_at:
            return f"signing before {show(known_at)} would break whoever keeps the key set"
        case KeyState.NEXT:
            return "nothing would break: every relying party knows it, it may sign from now on"
        case _:
            return "revoking it would refuse, at once, every token it signed"


def find_policy_faults(ring: KeyRing, *, now: datetime, policy: RotationPolicy) -> list[KeyFault]:
    """Return which keys signed too long, and which would go before their last token has died."""
    faults = []
    for life in ring.lives:
        if _is_overdue(life, now, policy):
            problem = f"it has signed for longer than {policy.rotation_interval.days} days"
            faults.append(KeyFault(life.key.kid, problem, _SCHEDULE))
        if goes_too_early(life, now=now, policy=policy):
            problem = "it will be gone before its last token has died: tokens live longer now"
            faults.append(KeyFault(life.key.kid, problem, _SCHEDULE))
    return faults


def _is_overdue(life: KeyLife, now: datetime, policy: RotationPolicy) -> bool:
    is_left_alone = life.successor is None and life.state_at(now) is KeyState.ACTIVE
    return is_left_alone and life.key.signs_from + policy.rotation_interval < now
