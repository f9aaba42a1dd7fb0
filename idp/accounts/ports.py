"""What the accounts room needs from outside: kept rows, things that leave, a way to commit.

The store and the outbound room implement these; tests implement them in memory. Every method that
changes something once returns whether this call was the one that did it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from idp.accounts.account import Account
from idp.accounts.attempts import Attempt, AttemptRule, Budget
from idp.accounts.links import EmailLink, EmailLinkKind, Registration, Reset
from idp.accounts.practitioner import Practitioner
from idp.accounts.session import Session
from idp.audit_events import Event


class Practitioners(Protocol):
    """The insurer's directory."""

    def find(self, finess: str) -> Practitioner | None:
        """Return the practitioner of that number, closed ones included."""


class Accounts(Protocol):
    """The accounts."""

    def find(self, sub: str) -> Account | None:
        """Return the account of that `sub`, closed ones included."""

    def find_by_finess(self, finess: str) -> Account | None:
        """Return the account of that number that is not closed."""

    def add(self, account: Account) -> bool:
        """Add it, unless the number already has an account that is not closed (then False)."""

    def save(self, account: Account) -> bool:
        """Replace the row in one statement, if it still has `account.version`, and raise that.

        Every column is replaced but `sub`, `finess`, `created_at` and `last_signed_in_at`.
        """

    def record_sign_in(
        self, sub: str, *, password_hash: str, now: datetime, is_reminded: bool
    ) -> bool:
        """Note a sign-in in one statement, if the account may sign in and still has that hash.

        Sets `last_signed_in_at` (and `password_reminded_at` where reminded), not the version: a
        reset or a disabling that came first wins, one that comes next finds the new session.
        """

    def raise_hash(self, sub: str, *, old_hash: str, new_hash: str) -> bool:
        """Replace the hash by a stronger one of the same password, if it is still `old_hash`."""


class Registrations(Protocol):
    """Registrations that wait for their activation link."""

    def add(self, registration: Registration) -> None:
        """Add it and mark every usable one of the same FINESS as replaced, in one transaction."""

    def find_by_link(self, link_digest: str) -> Registration | None:
        """Return the registration of that link, whatever its state."""

    def find_by_flow(self, flow_digest: str) -> Registration | None:
        """Return the latest registration asked for by that browser, whatever its state."""

    def consume(self, registration_id: str, now: datetime) -> bool:
        """Use it, if it is unused, not replaced and not expired."""

    def replace_all(self, finess: str, now: datetime) -> None:
        """Mark every usable one of that FINESS as replaced."""


class Resets(Protocol):
    """Requests for a new password, decoys included (their `sub` is None)."""

    def add(self, reset: Reset) -> None:
        """Add it; earlier ones stay good."""

    def find_by_link(self, link_digest: str) -> Reset | None:
        """Return the reset of that link, whatever its state."""

    def reserve_code_attempt(self, reset_id: str, *, limit: int, now: datetime) -> int | None:
        """Count one try of the code in one statement; None where none was left or it is dead."""

    def record_code_proof(self, reset_id: str, proof_digest: str, now: datetime) -> bool:
        """Remember the browser that typed the right code, if the reset is still usable."""

    def consume(self, reset_id: str, now: datetime) -> bool:
        """Use it, if it is unused, not replaced and not expired."""

    def replace_all(self, sub: str, now: datetime) -> None:
        """Mark every usable one of the account as replaced."""


class EmailLinks(Protocol):
    """Links that confirm or undo a change of address."""

    def add(self, link: EmailLink) -> None:
        """Add it; a new confirmation replaces the usable confirmations of the same account."""

    def find_by_link(self, link_digest: str) -> EmailLink | None:
        """Return the link, whatever its state."""

    def find_usable(self, sub: str, kind: EmailLinkKind, now: datetime) -> Sequence[EmailLink]:
        """Return the usable ones of an account, oldest first."""

    def consume(self, link_id: str, now: datetime) -> bool:
        """Use it, if it is unused, not replaced and not expired."""

    def replace_all(self, sub: str, kind: EmailLinkKind, now: datetime) -> None:
        """Mark every usable one of that kind as replaced."""


class Attempts(Protocol):
    """Counters of attempts; `key` is a keyed digest that names purpose and subject."""

    def reserve(self, key: str, rule: AttemptRule, now: datetime) -> Attempt | None:
        """Count an attempt in one statement, or return None where the key is blocked."""

    def blocked_until(self, key: str, now: datetime) -> datetime | None:
        """Return when the block of this key ends, None where there is none."""

    def clear(self, key: str) -> None:
        """Forget every failure and block of this key."""

    def block(self, key: str, until: datetime, now: datetime) -> None:
        """Block the key until then, unless it is blocked for longer; its counts stay."""

    def clear_all_since(self, key_prefix: str, since: datetime) -> int:
        """Lift every block that began after `since`; return how many."""

    def spend(self, key: str, budget: Budget, now: datetime) -> int:
        """Add one failure to a budget in one statement; return how many its period has now."""

    def spent(self, key: str, now: datetime) -> int:
        """Return how many failures the current period of a budget has."""


class Proofs(Protocol):
    """Proofs that travelled sealed through a browser, each good for one use."""

    def consume(self, proof_digest: str, *, expires_at: datetime) -> bool:
        """Remember it until it expires, in one statement; False where it was seen before."""


class KnownDevices(Protocol):
    """Browsers that signed in to an account before: one cookie, at most ten accounts."""

    def is_known(self, device_digest: str, sub: str, now: datetime) -> bool:
        """Whether that cookie once signed in to that account and is not expired."""

    def remember(
        self, device_digest: str, sub: str, expires_at: datetime, *, is_new: bool = False
    ) -> None:
        """Make the browser known to the account; past ten the oldest account is forgotten.

        A new cookie, made for this account, holds no other to forget.
        """

    def find_all(self, sub: str, now: datetime) -> Sequence[str]:
        """Return the digests of the browsers known to the account."""

    def forget_all(self, sub: str, *, but: str | None = None) -> None:
        """Forget every browser of the account, except the digest `but`."""


class Sessions(Protocol):
    """Single sign-on sessions."""

    def add(self, session: Session) -> None:
        """Open it."""

    def find(self, secret_digest: str, now: datetime) -> Session | None:
        """Return the session of that cookie, if it has neither ended nor expired."""

    def find_all(self, sub: str, now: datetime) -> Sequence[Session]:
        """Return the live sessions of an account, latest first."""

    def touch(self, sid: str, *, last_seen_at: datetime, idle_expires_at: datetime) -> None:
        """Push the idle end of a live session."""

    def renew(self, session: Session) -> bool:
        """Replace every column but `sid` and `sub`, if the session is live: a login by its owner.

        The old cookie's secret is worth nothing from then on; relying parties notice nothing.
        """

    def end(self, sid: str, now: datetime) -> bool:
        """End one session: its grants are revoked and its logout notices enqueued with it."""

    def end_all(self, sub: str, now: datetime, *, but: str | None = None) -> int:
        """End every live session of the account except the `sid` in `but`; return how many."""


class Grants(Protocol):
    """What an account let relying parties have, as far as the accounts room minds."""

    def revoke_all(self, sub: str, now: datetime) -> int:
        """Revoke every grant of the account; return how many."""


class Outbox(Protocol):
    """What leaves, leaves through here: a row in the same transaction."""

    def enqueue_mail(
        self,
        template: str,
        *,
        to: str,
        parameters: Mapping[str, str],
        secrets: Mapping[str, str] | None = None,
        expires_at: datetime | None = None,
        now: datetime,
    ) -> None:
        """Queue one mail; `secrets` (link, code) are sealed, and erased on delivery or expiry.

        A mail to nobody (`to` empty) costs the same row and is dropped at its turn: so an answer
        takes as long where there is no one to write to.
        """


class AuditTrail(Protocol):
    """The append-only record of what happened."""

    def record(
        self,
        name: Event,
        *,
        finess: str | None = None,
        sub: str | None = None,
        client_id: str | None = None,
        reason: str | None = None,
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Add an event; time, network, request id and operator come from where it is built."""


class UnitOfWork(Protocol):
    """One transaction and the repositories that share it."""

    @property
    def practitioners(self) -> Practitioners: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def registrations(self) -> Registrations: ...
    @property
    def resets(self) -> Resets: ...
    @property
    def email_links(self) -> EmailLinks: ...
    @property
    def attempts(self) -> Attempts: ...
    @property
    def proofs(self) -> Proofs: ...
    @property
    def known_devices(self) -> KnownDevices: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def grants(self) -> Grants: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def audit(self) -> AuditTrail: ...

    def commit(self) -> None:
        """Make what was written so far durable; the next write opens a new transaction."""
