"""What can be wrong with keys, with a change to them, or with a token."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class KeyFault:
    """One thing wrong with the keys: where, what, and what mends it."""

    place: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}. {self.remedy}."


class KeysRefusedError(Exception):
    """The keys cannot be used; `faults` holds everything wrong with them, at least one."""

    def __init__(self, faults: Sequence[KeyFault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class NoActiveKeyError(Exception):
    """No key signs with this algorithm at this moment."""

    def __init__(self, algorithm: str) -> None:
        super().__init__(f"no key signs with {algorithm} at this moment")
        self.algorithm = algorithm


class KeyChangeRefusedError(Exception):
    """The change makes no sense for this key; the message says why."""


class TooEarlyError(KeyChangeRefusedError):
    """The change would break relying parties now; from `safe_at` on it would not."""

    def __init__(self, reason: str, safe_at: datetime | None) -> None:
        super().__init__(reason)
        self.safe_at = safe_at


class InvalidTokenError(Exception):
    """The token is not one of ours, or not any more; the message says why, for logs only."""
