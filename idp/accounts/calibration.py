"""How long Argon2id takes on this machine, and what it may cost for a time to aim at.

Memory first: a guesser's hardware has cores to spare sooner than memory (RFC 9106, section 4). At
least OWASP's minimum is proposed, however slow the machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import median
from time import perf_counter

from idp.accounts.argon2id import SodiumPasswordHasher
from idp.accounts.hashing import HashParameters

OWASP_MINIMUM = HashParameters(memory_kib=19 * 1024, time_cost=2)

_MEMORY_STEPS_KIB = tuple(mib * 1024 for mib in (19, 24, 32, 46, 64, 96, 128, 192, 256))
_MAX_TIME_COST = 10
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class MeasuredHash:
    """What a hash of these parameters takes, at the median."""

    parameters: HashParameters
    duration: timedelta


def measure_hash(parameters: HashParameters) -> MeasuredHash:
    """Compute a few hashes, one after another, on one core."""
    hasher = SodiumPasswordHasher.from_parameters(parameters.to_argon2())
    seconds = []
    for _ in range(_ROUNDS):
        started = perf_counter()
        hasher.hash("a password to measure with")
        seconds.append(perf_counter() - started)
    return MeasuredHash(parameters, timedelta(seconds=median(seconds)))


def measure_up_to(target: timedelta, *, memory_limit_kib: int) -> list[MeasuredHash]:
    """Measure dearer and dearer parameters as long as a hash stays within `target`.

    The last one is to be proposed; the first one is OWASP's minimum, even where it takes longer.
    """
    measured = [measure_hash(OWASP_MINIMUM)]
    for step in (_raise_memory, _raise_time):
        for parameters in step(measured[-1].parameters, memory_limit_kib):
            dearer = measure_hash(parameters)
            if dearer.duration > target:
                break
            measured.append(dearer)
    return measured


def _raise_memory(start: HashParameters, limit_kib: int) -> Iterator[HashParameters]:
    for memory_kib in _MEMORY_STEPS_KIB:
        if start.memory_kib < memory_kib <= limit_kib:
            yield replace(start, memory_kib=memory_kib)


def _raise_time(start: HashParameters, _limit_kib: int) -> Iterator[HashParameters]:
    for time_cost in range(start.time_cost + 1, _MAX_TIME_COST + 1):
        yield replace(start, time_cost=time_cost)
