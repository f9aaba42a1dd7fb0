"""Password hashes whose checking does not tell whose they are: C57."""

import subprocess
import sys
from datetime import timedelta

import pytest

from idp.accounts import hashing
from idp.accounts.hash_slots import HashSlots
from idp.accounts.hashing import Hasher, HashParameters
from idp.accounts.legacy_hashes import adopt_hash
from idp.accounts.login import SignedIn
from tests.support.accounts_house import CHEAP, FINESS, PASSWORD, AccountsHouse

TODAY = HashParameters(memory_kib=16, time_cost=2)


def make_hasher(parameters: HashParameters = TODAY) -> Hasher:
    """Return a hasher with a slot to spare."""
    return Hasher(parameters, HashSlots(1, queue_limit=0, patience=timedelta(0)))


def test_right_password_is_told_from_wrong_ones() -> None:
    """A hash is right for its password alone."""
    hasher = make_hasher()
    hashed = hasher.hash(PASSWORD)
    assert hasher.is_right(hashed, PASSWORD)
    assert not hasher.is_right(hashed, f"{PASSWORD} ")


def test_nobody_s_password_is_never_right() -> None:
    """An unknown number is checked against a dummy, which no password is right for."""
    hasher = make_hasher()
    assert not hasher.is_right(None, PASSWORD)
    assert not hasher.is_right(None, hashing._NO_PASSWORD)  # noqa: SLF001 - the very dummy's


def test_damaged_hash_is_never_right() -> None:
    """A damaged row signs nobody in and breaks nothing."""
    assert not make_hasher().is_right("$argon2id$damaged", PASSWORD)


def test_every_check_is_reported_once() -> None:
    """Whatever is stored, one check is one computation."""
    seconds: list[float] = []
    slots = HashSlots(1, queue_limit=0, patience=timedelta(0))
    hasher = Hasher(TODAY, slots, on_hash=seconds.append)
    for stored in (None, hasher.hash(PASSWORD), make_hasher(CHEAP).hash(PASSWORD)):
        before = len(seconds)
        hasher.is_right(stored, "wrong")
        assert len(seconds) == before + 1


class LateClock:
    """A clock whose sleeps end 0.3 ms late, as a machine's do; a look at it takes 1 µs."""

    def __init__(self) -> None:
        """Begin at nought."""
        self.now = 0.0

    def perf_counter(self) -> float:
        """Return the seconds passed."""
        self.now += 1e-6
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let them pass, and some more; nought is no sleep."""
        self.now += seconds + 0.0003 if seconds else 0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> LateClock:
    """What hashing takes for its clock."""
    clock = LateClock()
    monkeypatch.setattr(hashing, "perf_counter", clock.perf_counter)
    monkeypatch.setattr(hashing, "sleep", clock.sleep)
    # Nobody's hash is made anew, timed by this clock, and for this test alone.
    monkeypatch.setattr(hashing, "_make_dummy", hashing._make_dummy.__wrapped__)  # noqa: SLF001
    return clock


def test_c57_cheaper_hash_takes_as_long_as_today_s_do(
    clock: LateClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C57: after the parameters were raised, an old hash takes recent checks' times, in turn.

    Their median alone would stand out. A sleep's lateness is not added to them.
    """
    hasher = make_hasher()
    old = make_hasher(CHEAP).hash(PASSWORD)
    takes = iter((0.012, 0.011, 0.004, 0.004, 0.004))

    def compare(_phc: str, _secret: str) -> bool:
        clock.now += next(takes)
        return False

    monkeypatch.setattr(hasher, "_compare", compare)
    hasher.is_right(None, "wrong")
    hasher.is_right(None, "wrong")
    times = []
    for _ in range(3):
        started = clock.now
        hasher.is_right(old, "wrong")
        times.append(round(clock.now - started, 4))
    assert times == [0.004, 0.012, 0.011]


def test_c57_old_hash_that_took_longer_waits_no_more(clock: LateClock) -> None:
    """A check that is over the time to imitate already is answered at once."""
    started = clock.now
    hashing._wait_until(started - 1)  # noqa: SLF001 - the wait is the point
    assert clock.now - started < 0.0001


def test_hash_is_raised_at_the_next_login(house: AccountsHouse) -> None:
    """Re-hashed on login when the setting is raised; the password stays the same."""
    stored = make_hasher().hash(PASSWORD)
    account = house.add_account()
    house.uow.accounts.raise_hash(
        account.sub, old_hash=account.password_hash or "", new_hash=stored
    )
    house.uow.commit()
    assert isinstance(house.sign_in(), SignedIn)
    raised = house.account(FINESS).password_hash or ""
    assert f"m={CHEAP.memory_kib},t={CHEAP.time_cost}," in raised
    assert isinstance(house.sign_in(), SignedIn)


def test_failed_login_raises_nothing(house: AccountsHouse) -> None:
    """Only the right password raises a hash."""
    stored = make_hasher().hash(PASSWORD)
    account = house.add_account()
    house.uow.accounts.raise_hash(
        account.sub, old_hash=account.password_hash or "", new_hash=stored
    )
    house.uow.commit()
    house.fail()
    assert house.account().password_hash == stored
    assert house.hasher.count == 1


def test_today_s_hash_is_not_raised(house: AccountsHouse) -> None:
    """A login with today's parameters costs one hash."""
    house.add_account()
    house.sign_in()
    assert house.hasher.count == 1


def test_bcrypt_is_checked_by_the_verifier_given() -> None:
    """Bcrypt hashes, where an administrator took them over, are checked by its library."""
    bcrypt = "$2b$10$" + "a" * 53
    adopted = adopt_hash(
        bcrypt, TODAY.to_argon2(), hash_text=make_hasher().hash, accepts_timing=True
    )
    slots = HashSlots(1, queue_limit=0, patience=timedelta(0))
    hasher = Hasher(TODAY, slots, verify_bcrypt=lambda _, password: password == "right")
    assert hasher.is_right(adopted, "right")
    assert not hasher.is_right(adopted, "wrong")
    assert hasher.needs_rehash(adopted)
    assert not make_hasher().is_right(adopted, "right")


def test_memory_is_a_slot_s_not_a_thread_s() -> None:
    """Sixteen threads that ask in turn leave one hash's memory behind, not sixteen."""
    program = """
from concurrent.futures import ThreadPoolExecutor
import subprocess
import sys
from datetime import timedelta
from resource import RUSAGE_SELF, getrusage

from idp.accounts.hash_slots import HashSlots
from idp.accounts.hashing import Hasher, HashParameters

hasher = Hasher(
    HashParameters(memory_kib=19456, time_cost=1),
    HashSlots(1, queue_limit=99, patience=timedelta(seconds=60)),
)

def ask(_number):
    with hasher.slots.take():
        hasher.is_right(None, "password")

before = getrusage(RUSAGE_SELF).ru_maxrss
with ThreadPoolExecutor(16) as threads:
    list(threads.map(ask, range(64)))
print(getrusage(RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )
    assert int(done.stdout) < 2 * 19456  # KiB
