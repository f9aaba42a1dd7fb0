"""Password hashes: made and checked, so that the time taken does not tell whose they are.

Whoever calls this holds a slot (`hasher.slots.take()`). An unknown number is checked against a
dummy of today's parameters. A hash of cheaper parameters is checked, then waits until a check of
today's parameters would have been over: as long as one of the latest of these took. It is raised
after the right password alone, which only its owner can time. Another site's digest wrapped in
today's parameters is checked like any hash, and any hash like it.

Hashes are computed in threads of their own, as many as slots. The C library keeps a thread's freed
memory for that thread: so each hash finds its 19 MiB mapped (nearly half of its time else), and a
process holds them once a slot, not once a thread that ever asked for a hash.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from time import perf_counter, sleep

from argon2 import Parameters, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

from idp.accounts.argon2id import make_password_hasher
from idp.accounts.hash_slots import HashSlots
from idp.accounts.legacy_hashes import is_bcrypt, parse_wrapped, unwrap

_REMEMBERED_CHECKS = 32
_LONGEST_OVERSLEEP = 0.002
_NO_PASSWORD = "never a password: longer than any that is taken, and this check says no anyway"  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class HashParameters:
    """Argon2id's cost: memory in KiB, passes over it, lanes (RFC 9106)."""

    memory_kib: int
    time_cost: int
    parallelism: int = 1

    def to_argon2(self) -> Parameters:
        """Return them as argon2-cffi has them, with its sizes of salt and hash."""
        return Parameters(
            type=Type.ID,
            version=19,
            salt_len=16,
            hash_len=32,
            time_cost=self.time_cost,
            memory_cost=self.memory_kib,
            parallelism=self.parallelism,
        )


class Hasher:
    """Makes and checks password hashes; `on_hash` is told of each computation's seconds."""

    def __init__(
        self,
        parameters: HashParameters,
        slots: HashSlots,
        *,
        on_hash: Callable[[float], None] | None = None,
        verify_bcrypt: Callable[[str, str], bool] | None = None,
    ) -> None:
        """Take today's parameters; `verify_bcrypt(hash, password)` where bcrypt was imported."""
        self.slots = slots
        self.parameters = parameters
        self._argon2 = make_password_hasher(parameters.to_argon2())
        self._threads = ThreadPoolExecutor(slots.limit, thread_name_prefix="hash")
        self._verify_bcrypt = verify_bcrypt
        self._on_hash = on_hash
        self._dummy, seconds = _make_dummy(parameters)
        self._pace = _Pace(seconds)

    @property
    def checks_bcrypt(self) -> bool:
        """Whether a bcrypt hash can be checked at all."""
        return self._verify_bcrypt is not None

    def hash(self, password: str) -> str:
        """Return the PHC string of a normalized password."""
        started = perf_counter()
        hashed = self._threads.submit(self._argon2.hash, password).result()
        self._report(perf_counter() - started)
        return hashed

    def is_right(self, stored: str | None, password: str) -> bool:
        """Say whether the password is the one of `stored`; None, nobody's, takes as long."""
        started = perf_counter()
        phc, secret = unwrap(stored or self._dummy, password)
        is_match = self._threads.submit(self._compare, phc, secret).result()
        seconds = perf_counter() - started
        self._report(seconds)
        if self._is_cheaper(stored or self._dummy):
            _wait_until(started + self._pace.next_seconds())
        else:
            self._pace.remember(seconds)
        return is_match and stored is not None

    def needs_rehash(self, stored: str) -> bool:
        """Say whether a hash is not plain Argon2id of today's parameters."""
        try:
            return self._argon2.check_needs_rehash(stored)
        except InvalidHashError:
            return True

    def _is_cheaper(self, stored: str) -> bool:
        """Say whether checking it is less work than today's parameters are."""
        wrapped = parse_wrapped(stored)
        try:
            cost = extract_parameters(wrapped.phc if wrapped else stored)
        except InvalidHashError:
            return True
        today = self.parameters
        return cost.memory_cost * cost.time_cost < today.memory_kib * today.time_cost

    def _compare(self, phc: str, secret: str) -> bool:
        if is_bcrypt(phc):
            return self._verify_bcrypt is not None and self._verify_bcrypt(phc, secret)
        try:
            return self._argon2.verify(phc, secret)
        except (VerificationError, InvalidHashError):
            return False

    def _report(self, seconds: float) -> None:
        if self._on_hash:
            self._on_hash(seconds)


@lru_cache(maxsize=1)
def _make_dummy(parameters: HashParameters) -> tuple[str, float]:
    """Return nobody's hash, and the seconds it took: one serves every application of a process."""
    argon2 = make_password_hasher(parameters.to_argon2())
    started = perf_counter()
    return argon2.hash(_NO_PASSWORD), perf_counter() - started


class _Pace:
    """How long the latest checks of today's parameters took, to be imitated one after another."""

    def __init__(self, seconds: float) -> None:
        self._latest = deque([seconds], maxlen=_REMEMBERED_CHECKS)
        self._turns = count()

    def remember(self, seconds: float) -> None:
        self._latest.append(seconds)

    def next_seconds(self) -> float:
        latest = tuple(self._latest)
        return latest[next(self._turns) % len(latest)]


def _wait_until(end: float) -> None:
    """Return at a time of `perf_counter`, exactly: a plain sleep ends up to a millisecond late."""
    sleep(max(0.0, end - perf_counter() - _LONGEST_OVERSLEEP))
    while perf_counter() < end:
        sleep(0)
