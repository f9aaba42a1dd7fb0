"""What waits for a link in a mail to be used: registrations, resets, changes of address.

Each rests as the digest of its link's token. A row is used once; used, replaced and expired ones
stay 30 days, so that whoever holds a real link learns what became of it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class LinkState(StrEnum):
    """What the holder of a real link may learn about it."""

    USABLE = "usable"
    USED = "used"
    REPLACED = "replaced"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailedLink:
    """What every link has in common."""

    link_digest: str = field(repr=False)
    finess: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    replaced_at: datetime | None = None

    def state(self, now: datetime) -> LinkState:
        """Say what this link is worth at `now`."""
        if self.used_at:
            return LinkState.USED
        if self.replaced_at:
            return LinkState.REPLACED
        return LinkState.USABLE if now < self.expires_at else LinkState.EXPIRED


class RegistrationPurpose(StrEnum):
    """The two doors that end with an activation link."""

    REGISTRATION = "registration"
    UPDATE = "update"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration(MailedLink):
    """An account-to-be: nothing exists until its link is used."""

    id: str
    purpose: RegistrationPurpose
    email: str
    password_hash: str = field(repr=False)
    sealed_request: str = field(default="", repr=False)
    flow_digest: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset(MailedLink):
    """A request for a new password: the link, then the code, then the new password.

    `sub` is None where FINESS number and address were no account's: a decoy, whose link nobody
    holds. `proof_digest` names the browser that typed the right code.
    """

    id: str
    sub: str | None
    code_digest: str = field(repr=False)
    code_attempts: int = 0
    proof_digest: str | None = field(default=None, repr=False)
    sealed_request: str = field(default="", repr=False)
    flow_digest: str = field(default="", repr=False)


class EmailLinkKind(StrEnum):
    """A change of address is confirmed from the new one and undone from the old one."""

    CONFIRM = "confirm"
    UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailLink(MailedLink):
    """One link of a change of address; `old_email` is what an undo gives back."""

    id: str
    kind: EmailLinkKind
    sub: str
    old_email: str | None
    new_email: str
