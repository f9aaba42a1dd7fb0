"""The names of counters and budgets, and the two things most journeys ask of them.

A counter's key is its purpose and a keyed digest of whom it counts: a known number and an unknown
one look alike in the database, and a dump of it names nobody.
"""

from datetime import timedelta
from enum import StrEnum

from idp.accounts.attempts import AttemptRule
from idp.accounts.visit import Visit

MAIL_PERIOD = timedelta(hours=1)
"""What the settings' `mails_per_hour` counts over."""

_NEVER = 10**9


class CounterPurpose(StrEnum):
    """What is counted. The names are prefixes of keys in the database."""

    LOGIN = "login"
    DEVICE = "device"
    PROOF = "proof"
    NETWORK_LOGIN = "network-login"
    NETWORK_PROOF = "network-proof"
    ALL_LOGINS = "all-logins"
    ALL_PROOFS = "all-proofs"
    BLOCK_MAIL = "mail-block"
    ACTIVATION_MAIL = "mail-activation"
    RESET_MAIL = "mail-reset"
    CONFIRMATION_MAIL = "mail-confirmation"
    OWNER_MAIL = "mail-owner"
    ALARM_MAIL = "mail-alarm"


def counter_key(visit: Visit, purpose: CounterPurpose, *parts: str) -> str:
    """Return the key of a counter; `parts` name whom it counts."""
    return f"{counter_prefix(purpose)}{visit.keys.mac('counter', purpose, *parts)}"


def counter_prefix(purpose: CounterPurpose) -> str:
    """Return how the keys of all counters of a purpose begin."""
    return f"{purpose}:"


def may_mail(
    visit: Visit,
    purpose: CounterPurpose,
    *parts: str,
    limit: int = 1,
    period: timedelta = MAIL_PERIOD,
) -> bool:
    """Take one of the `limit` mails allowed, in one statement; after the last, none for `period`.

    So there are never more than `limit` within any such period.
    """
    rule = AttemptRule(
        limit=limit,
        window=period,
        block=period,
        long_limit=_NEVER,
        long_window=period,
        long_block=period,
    )
    key = counter_key(visit, purpose, *parts)
    return visit.uow.attempts.reserve(key, rule, visit.now) is not None
