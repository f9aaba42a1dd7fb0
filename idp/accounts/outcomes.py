"""Outcomes that several journeys share; each is a page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from idp.accounts.links import LinkState, MailedLink


@dataclass(frozen=True, slots=True)
class Failed:
    """What was given is wrong; so many more failures until the block."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class Blocked:
    """Too many failures: nothing is checked until then, be it right or wrong."""

    until: datetime


@dataclass(frozen=True, slots=True)
class NetworkRefused:
    """The visitor's network spent its budget of failures; it is renewed within `retry_after`."""

    retry_after: timedelta


Refusal = Failed | Blocked | NetworkRefused
"""What anything that counts failures may be answered with."""


@dataclass(frozen=True, slots=True)
class PasswordTooLong:
    """Longer than any password: nothing was looked up, counted or hashed."""


@dataclass(frozen=True, slots=True)
class LinkDead:
    """A link that cannot be used: why, for who holds a real one; None for all others."""

    state: LinkState | None

    @classmethod
    def describe(cls, link: MailedLink | None, now: datetime) -> Self:
        """Say why a link cannot be used at `now`."""
        return cls(link.state(now) if link else None)


@dataclass(frozen=True, slots=True)
class TooManyMails:
    """So many mails were sent within the hour that none is any more; try again after it."""

    retry_after: timedelta
