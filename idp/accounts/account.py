"""An account: the right of one practitioner to sign in."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class AccountState(StrEnum):
    """Where an account stands. A *waiting* one is a registration, kept beside the accounts."""

    ACTIVE = "active"
    WITHOUT_EMAIL = "without_email"
    DISABLED = "disabled"
    CLOSED = "closed"

    @property
    def may_sign_in(self) -> bool:
        """Whether the right password opens a session."""
        return self in {AccountState.ACTIVE, AccountState.WITHOUT_EMAIL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """`sub` is a random UUID, never reused; at most one account of a FINESS is not closed.

    `email` is kept as typed; `version` counts the changes, so that nobody writes over a change
    they have not seen.
    """

    sub: str
    finess: str
    state: AccountState
    email: str | None = None
    email_verified_at: datetime | None = None
    password_hash: str | None = field(default=None, repr=False)
    password_changed_at: datetime | None = None
    password_reminded_at: datetime | None = None
    created_at: datetime
    disabled_reason: str | None = None
    last_signed_in_at: datetime | None = None
    version: int = 0

    @property
    def may_sign_in(self) -> bool:
        """Whether the right password opens a session."""
        return self.state.may_sign_in
