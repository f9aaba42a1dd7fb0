"""Lockout: which counter an attempt at a password is charged to, and what zeroes it.

A known device has a counter of its own. Strangers share one: when it blocks, known devices go on;
when a device blocks, strangers are blocked with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from idp.accounts.account import Account
from idp.accounts.attempts import Attempt, AttemptRule
from idp.accounts.counters import CounterPurpose, counter_key
from idp.accounts.known_device import device_digest, is_known_device
from idp.accounts.outcomes import Blocked
from idp.accounts.visit import Visit


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter of failures, its rule, and whether it is a known device's."""

    key: str
    rule: AttemptRule
    is_device: bool


def choose_counter(visit: Visit, finess: str, account: Account | None) -> Counter:
    """Return the counter of this browser where the account knows it, else the strangers'."""
    cookie = device_digest(visit)
    if cookie and is_known_device(visit, account):
        return Counter(_device_key(visit, finess, cookie), visit.policy.device_rule, is_device=True)
    return Counter(strangers_key(visit, finess), visit.policy.stranger_rule, is_device=False)


def reserve_attempt(visit: Visit, counter: Counter) -> Attempt | Blocked:
    """Count an attempt before anything is checked, and make that durable: exact in any crowd."""
    attempt = visit.uow.attempts.reserve(counter.key, counter.rule, visit.now)
    if attempt is None:
        until = visit.uow.attempts.blocked_until(counter.key, visit.now)
        return Blocked(until or visit.now)
    visit.uow.commit()
    return attempt


def zero_counters(visit: Visit, finess: str, devices: Iterable[str]) -> None:
    """Forget the failures of strangers and of these devices, given by their digests."""
    visit.uow.attempts.clear(strangers_key(visit, finess))
    for cookie in devices:
        visit.uow.attempts.clear(_device_key(visit, finess, cookie))


def strangers_key(visit: Visit, finess: str) -> str:
    """Return the key of the counter that all unknown browsers share for a number."""
    return counter_key(visit, CounterPurpose.LOGIN, finess)


def _device_key(visit: Visit, finess: str, cookie: str) -> str:
    return counter_key(visit, CounterPurpose.DEVICE, finess, cookie)
