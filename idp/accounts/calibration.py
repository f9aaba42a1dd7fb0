"""Which Argon2id parameters take a given time on this machine: what `idp doctor --calibrate` says.

Memory is what costs an attacker most, so it is what is raised; two passes stay. Nothing below
OWASP's minimum is proposed, however slow the machine.
"""

from collections.abc import Callable, Iterator
from time import perf_counter

from idp.accounts.argon2id import is_sodium_faster, make_password_hasher
from idp.accounts.hashing import HashParameters

OWASP_MINIMUM = HashParameters(memory_kib=19456, time_cost=2)
_MIB = 1024
_MAX_MEMORY_KIB = 1024 * _MIB
_ROUNDS = 5
_CORRECTIONS = 3


def propose_parameters(
    target_ms: float, *, measure: Callable[[HashParameters], float] | None = None
) -> Iterator[str]:
    """Give lines for the terminal: what the minimum takes, and what takes `target_ms`.

    Args:
        target_ms: how long one hash may take, in milliseconds.
        measure: returns the milliseconds of one hash; this machine's unless given.

    """
    measure = measure or measure_hash
    minimum_ms = measure(OWASP_MINIMUM)
    library = "libsodium" if is_sodium_faster() else "argon2-cffi"
    yield f"OWASP's minimum ({_describe(OWASP_MINIMUM)}) takes {minimum_ms:.1f} ms by {library}."
    if minimum_ms >= target_ms:
        yield f"That is {target_ms:.0f} ms already: keep it, whatever it takes."
        return
    proposed, milliseconds = _approach(target_ms, minimum_ms, measure)
    yield f"{_describe(proposed)} takes {milliseconds:.1f} ms. In the settings:"
    yield "  [passwords]"
    yield f"  argon2_memory_kib = {proposed.memory_kib}"
    yield f"  argon2_time_cost = {proposed.time_cost}"


def measure_hash(parameters: HashParameters) -> float:
    """Return the milliseconds of one hash: the best of a few, which others disturbed least."""
    hasher = make_password_hasher(parameters.to_argon2())
    return min(_time(hasher.hash) for _ in range(_ROUNDS)) * 1000


def _approach(
    target_ms: float, minimum_ms: float, measure: Callable[[HashParameters], float]
) -> tuple[HashParameters, float]:
    """Return the most memory, in whole MiB, whose time does not pass the target, and that time."""
    found, found_ms = OWASP_MINIMUM, minimum_ms
    parameters, milliseconds = OWASP_MINIMUM, minimum_ms
    for _ in range(_CORRECTIONS):
        memory = int(parameters.memory_kib * target_ms / milliseconds) // _MIB * _MIB
        memory = min(max(memory, OWASP_MINIMUM.memory_kib), _MAX_MEMORY_KIB)
        parameters = HashParameters(memory_kib=memory, time_cost=OWASP_MINIMUM.time_cost)
        milliseconds = measure(parameters)
        if milliseconds <= target_ms and memory > found.memory_kib:
            found, found_ms = parameters, milliseconds
    return found, found_ms


def _time(hash_password: Callable[[str], str]) -> float:
    started = perf_counter()
    hash_password("a password of usual length")
    return perf_counter() - started


def _describe(parameters: HashParameters) -> str:
    return f"{parameters.memory_kib // _MIB} MiB, {parameters.time_cost} passes"
