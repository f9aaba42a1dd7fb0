"""Records as the tests of the store need them: made up, complete, changed by keyword."""

from datetime import UTC, datetime, timedelta
from typing import Any

from idp.accounts.account import Account, AccountState
from idp.accounts.attempts import AttemptRule, Budget
from idp.accounts.links import (
    EmailLink,
    EmailLinkKind,
    Registration,
    RegistrationPurpose,
    Reset,
)
from idp.accounts.practitioner import Practitioner
from idp.accounts.session import Session
from idp.clock import Clock
from idp.protocol.client import Client
from idp.protocol.grant import Grant
from idp.secret_values import random_id, random_token
from idp.store.audit import AuditContext

NOW = datetime(2026, 3, 14, 15, 9, 26, 535897, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULE = AttemptRule(
    limit=3,
    window=2 * HOUR,
    block=2 * HOUR,
    long_limit=7,
    long_window=timedelta(days=30),
    long_block=timedelta(hours=24),
)
BUDGET = Budget(limit=20, window=HOUR)
FINESS = "750712184"
SUB = "3b8f1c0e-7d55-4f4e-9d0c-54d6b8a1e001"
CLIENT_ID = "mnspf-site"


class StoppedClock:
    """A clock that always says the same."""

    def now(self) -> datetime:
        """Return the one moment there is."""
        return NOW


CLOCK: Clock = StoppedClock()
CONTEXT = AuditContext(clock=CLOCK, network="192.0.2.0/24", request_id="r-1", operator="marie")


def after(**parts: float) -> datetime:
    """Return the moment so many minutes, hours or days after NOW (before it, when negative)."""
    return NOW + timedelta(**parts)


def make_practitioner(**fields: object) -> Practitioner:
    """Return a practitioner."""
    values: dict[str, Any] = {"finess": FINESS, "name": "Pharmacie des Lilas"}
    return Practitioner(**{**values, **fields})


def make_account(**fields: object) -> Account:
    """Return an active account."""
    values: dict[str, Any] = {
        "sub": SUB,
        "finess": FINESS,
        "state": AccountState.ACTIVE,
        "email": "lilas@example.org",
        "email_verified_at": NOW,
        "password_hash": "$argon2id$sample",
        "password_changed_at": NOW,
        "created_at": NOW,
    }
    return Account(**{**values, **fields})


def make_registration(**fields: object) -> Registration:
    """Return a registration that waits, each time another."""
    values: dict[str, Any] = {
        "id": random_id(),
        "link_digest": random_token(),
        "finess": FINESS,
        "created_at": NOW,
        "expires_at": after(hours=24),
        "purpose": RegistrationPurpose.REGISTRATION,
        "email": "lilas@example.org",
        "password_hash": "$argon2id$sample",
    }
    return Registration(**{**values, **fields})


def make_reset(**fields: object) -> Reset:
    """Return a reset that waits, each time another."""
    values: dict[str, Any] = {
        "id": random_id(),
        "link_digest": random_token(),
        "finess": FINESS,
        "sub": SUB,
        "created_at": NOW,
        "expires_at": after(hours=24),
        "code_digest": "digest of 123456",
    }
    return Reset(**{**values, **fields})


def make_email_link(**fields: object) -> EmailLink:
    """Return a link that confirms a change of address, each time another."""
    values: dict[str, Any] = {
        "id": random_id(),
        "link_digest": random_token(),
        "finess": FINESS,
        "sub": SUB,
        "kind": EmailLinkKind.CONFIRM,
        "created_at": NOW,
        "expires_at": after(hours=24),
        "old_email": "lilas@example.org",
        "new_email": "pharmacie@example.org",
    }
    return EmailLink(**{**values, **fields})


def make_session(**fields: object) -> Session:
    """Return a live session, each time another."""
    values: dict[str, Any] = {
        "sid": random_id(),
        "secret_digest": random_token(),
        "sub": SUB,
        "authenticated_at": NOW,
        "last_seen_at": NOW,
        "idle_expires_at": after(minutes=30),
        "expires_at": after(hours=12),
    }
    return Session(**{**values, **fields})


def make_grant(**fields: object) -> Grant:
    """Return a grant whose code is fresh, each time another."""
    values: dict[str, Any] = {
        "id": random_id(),
        "sub": SUB,
        "client_id": CLIENT_ID,
        "sid": "sid-1",
        "scope": "openid",
        "authenticated_at": NOW,
        "created_at": NOW,
        "expires_at": after(hours=12),
        "code_digest": random_token(),
        "code_expires_at": after(seconds=60),
        "redirect_uri": "https://www.mnspf.fr/retour",
    }
    return Grant(**{**values, **fields})


def make_client(**fields: object) -> Client:
    """Return a relying party."""
    values: dict[str, Any] = {
        "client_id": CLIENT_ID,
        "name": "Espace personnel",
        "redirect_uris": ("https://www.mnspf.fr/retour",),
    }
    return Client(**{**values, **fields})
