"""Attack case C57: how long an answer takes does not tell whether a number is known.

With the hash parameters of production. Each kind of number is compared with the unknown ones by
the 99 % bootstrap interval of the difference of medians, which must lie within one millisecond. A
second series of unknown numbers (an A/A run) shows what the machine's noise alone gives: where that
is more than a millisecond, an interval has to hold zero instead. What fails is measured once more.
"""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from stdnum.luhn import calc_check_digit

from idp.accounts.account import AccountState
from idp.accounts.argon2id import SodiumPasswordHasher
from idp.accounts.hashing import HashParameters
from idp.accounts.legacy_hashes import adopt_hash
from tests.attacks.conftest import StartProvider
from tests.attacks.people import WRONG, add_accounts
from tests.support.provider import PASSWORD, Provider
from tests.support.timing import bound_difference, measure_interleaved

pytestmark = [pytest.mark.timed, pytest.mark.timeout(900)]

SAMPLES = 300
RUNS = 2
WITHIN_MS = 1.0
OLDER = HashParameters(memory_kib=12288, time_cost=1)
Interval = tuple[float, float]
UNKNOWN, UNKNOWN_TOO, OPEN, DISABLED, OLDER_HASH, WRAPPED_HASH, UNREGISTERED = range(1, 8)


def list_numbers(kind: int) -> list[str]:
    """Return a number for each sample, its key right: every sample is that number's first."""
    stems = (f"{kind}{number:07d}" for number in range(SAMPLES * RUNS))
    return [f"{stem}{calc_check_digit(stem)}" for stem in stems]


@pytest.fixture
def provider(start_provider: StartProvider) -> Provider:
    """A provider with enough accounts, where no network is refused."""
    provider = start_provider(lockout={"network_logins_per_hour": 1_000_000})
    old_hash = SodiumPasswordHasher.from_parameters(OLDER.to_argon2()).hash(PASSWORD)
    add_accounts(provider, list_numbers(OPEN))
    add_accounts(provider, list_numbers(DISABLED), state=AccountState.DISABLED)
    add_accounts(provider, list_numbers(OLDER_HASH), password_hash=old_hash)
    hasher = provider.running.built.services.tools.hasher
    digest = hashlib.sha256(PASSWORD.encode()).hexdigest()
    wrapped = adopt_hash(digest, hasher.parameters.to_argon2(), hash_text=hasher.hash)
    add_accounts(provider, list_numbers(WRAPPED_HASH), password_hash=wrapped)
    for finess in list_numbers(UNREGISTERED):
        provider.add_practitioner(finess)
    return provider


@pytest.fixture
def fail_by_kind(provider: Provider) -> dict[int, Callable[[], object]]:
    """What fails to sign in to another number of its kind at each call."""
    visitor = provider.open_browser()
    form = visitor.open("/connexion").find_form("login-submit").fields

    def fail(numbers: Iterator[str]) -> None:
        typed = {**form, "finess": next(numbers), "password": WRONG}
        assert visitor.request("POST", "/connexion", typed).status_code == 422

    kinds = range(UNKNOWN, UNREGISTERED + 1)
    return {kind: partial(fail, iter(list_numbers(kind))) for kind in kinds}


def find_telling(fail_by_kind: dict[int, Callable[[], object]]) -> dict[int, Interval]:
    """Measure once; return the kinds that may be told from the unknown ones, and by how much."""
    samples = measure_interleaved(fail_by_kind, SAMPLES)
    unknown = samples.pop(UNKNOWN)
    bounds = {kind: bound_difference(unknown, times) for kind, times in samples.items()}
    is_noisy = not is_within(bounds.pop(UNKNOWN_TOO))
    return {
        kind: (low, high)
        for kind, (low, high) in bounds.items()
        if not is_within((low, high)) and not (is_noisy and low <= 0 <= high)
    }


def is_within(interval: Interval) -> bool:
    """Whether a whole interval lies within a millisecond of nothing."""
    return max(map(abs, interval)) <= WITHIN_MS


def test_c57_time_tells_nothing(fail_by_kind: dict[int, Callable[[], object]]) -> None:
    """C57: an unknown number takes as long as an open, disabled, unregistered or old-hash one.

    Old is a hash of cheaper parameters, or another site's digest wrapped in one of today's.
    """
    if telling := find_telling(fail_by_kind):
        again = {kind: fail_by_kind[kind] for kind in (UNKNOWN, UNKNOWN_TOO, *telling)}
        assert find_telling(again) == {}
