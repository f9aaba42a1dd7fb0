"""The accounts room's ports in memory, as one unit of work.

There is no rollback: a test that needs one runs on a real database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tests.support.fake_accounts import FakeAccounts, FakePractitioners
from tests.support.fake_attempts import FakeAttempts
from tests.support.fake_ledger import Ledger
from tests.support.fake_links import FakeEmailLinks, FakeRegistrations, FakeResets
from tests.support.fake_sessions import FakeGrants, FakeKnownDevices, FakeSessions


class FakeProofs:
    """Proofs that were used."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.kept: dict[str, datetime] = {}

    def consume(self, proof_digest: str, *, expires_at: datetime) -> bool:
        """Use it, once."""
        with self._ledger.write():
            if proof_digest in self.kept:
                return False
            self.kept[proof_digest] = expires_at
            return True


@dataclass(frozen=True)
class FakeMail:
    """A queued mail."""

    template: str
    to: str
    parameters: Mapping[str, str]
    secrets: Mapping[str, str]
    expires_at: datetime | None

    @property
    def token(self) -> str:
        """The token of its link."""
        return self.secrets["link"].partition("?token=")[2]


class FakeOutbox:
    """Every mail queued, decoys to nobody included."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.queued: list[FakeMail] = []

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
        """Queue it."""
        with self._ledger.write():
            mail = FakeMail(template, to, dict(parameters), dict(secrets or {}), expires_at)
            self.queued.append(mail)


@dataclass(frozen=True)
class FakeEvent:
    """A recorded event."""

    name: str
    finess: str | None
    sub: str | None
    reason: str | None
    details: Mapping[str, str] = field(default_factory=dict)


class FakeAuditTrail:
    """Every event recorded."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.events: list[FakeEvent] = []

    def record(
        self,
        name: str,
        *,
        finess: str | None = None,
        sub: str | None = None,
        client_id: str | None = None,
        reason: str | None = None,
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Record it."""
        with self._ledger.write():
            self.events.append(FakeEvent(name, finess, sub, reason, dict(details or {})))


class FakeUnitOfWork:
    """One unit of work over all of these, shared by the threads of a test."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.practitioners = FakePractitioners(self.ledger)
        self.accounts = FakeAccounts(self.ledger)
        self.registrations = FakeRegistrations(self.ledger)
        self.resets = FakeResets(self.ledger)
        self.email_links = FakeEmailLinks(self.ledger)
        self.attempts = FakeAttempts(self.ledger)
        self.proofs = FakeProofs(self.ledger)
        self.known_devices = FakeKnownDevices(self.ledger)
        self.sessions = FakeSessions(self.ledger)
        self.grants = FakeGrants(self.ledger)
        self.outbox = FakeOutbox(self.ledger)
        self.audit = FakeAuditTrail(self.ledger)

    def commit(self) -> None:
        """Make what was written durable."""
        self.ledger.commit()
