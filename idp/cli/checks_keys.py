"""The check of `idp doctor` that looks at the signing keys."""

import os
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from idp.app.keys import REQUIRED_ALGORITHMS, build_key_store, build_rotation_policy
from idp.cli.arguments import show_time
from idp.cli.findings import Finding, fault, ok, warning
from idp.signing.errors import KeysRefusedError
from idp.signing.forecast import find_policy_faults
from idp.signing.key_ring import KeyRing
from idp.signing.live_keys import load_ring

if TYPE_CHECKING:
    from idp.cli.toolbox import Toolbox


def check_keys(toolbox: "Toolbox") -> Iterator[Finding]:
    """Every key can be used, one of each algorithm signs, and none signs too long."""
    settings, now = toolbox.settings, toolbox.clock.now()
    try:
        ring = load_ring(build_key_store(settings), now, required=REQUIRED_ALGORITHMS)
    except KeysRefusedError as error:
        for each in error.faults:
            yield fault(f"{each.place}: {each.problem}", each.remedy)
        return
    policy = build_rotation_policy(settings)
    for each in find_policy_faults(ring, now=now, policy=policy):
        yield warning(f"{each.place}: {each.problem}", each.remedy)
    for algorithm in ring.algorithms(now):
        rotates_at = ring.active(algorithm, now).signs_from + policy.rotation_interval
        yield ok(_describe(ring, algorithm, now=now, rotates_at=rotates_at))
    if settings.keys.folder.stat().st_uid != os.getuid():
        yield warning(
            f"{settings.keys.folder} is another user's",
            "run idp as the service's user: it could not read keys made by this one",
        )


def _describe(ring: KeyRing, algorithm: str, *, now: datetime, rotates_at: datetime) -> str:
    """Say how long the active key still signs, and what follows it."""
    active, coming = ring.active(algorithm, now), ring.find_next(algorithm, now)
    until = coming.key.signs_from if coming else rotates_at
    then = coming.key.kid if coming else "a key that is announced before"
    days = (until - now).days
    return f"{algorithm}: {active.kid} signs for {days} days, from {show_time(until)} {then}"
