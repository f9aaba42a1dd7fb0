"""One transaction and the repositories that share it, each made when first asked for."""

from collections.abc import Callable, Mapping
from functools import cached_property
from types import TracebackType
from typing import Self

from idp.secret_values import SecretKeys
from idp.store.accounts import SqlAccounts
from idp.store.attempts import SqlAttempts
from idp.store.audit import AuditContext, SqlAuditTrail
from idp.store.client_assertions import SqlClientAssertions
from idp.store.clients import SqlClients
from idp.store.consents import SqlConsents
from idp.store.email_links import SqlEmailLinks
from idp.store.grants import SqlGrants
from idp.store.key_uses import LastWritten, SqlKeyUses
from idp.store.known_devices import SqlKnownDevices
from idp.store.outbox import SqlOutbox
from idp.store.practitioners import SqlPractitioners
from idp.store.proofs import SqlProofs
from idp.store.pushed_requests import SqlPushedRequests
from idp.store.registrations import SqlRegistrations
from idp.store.resets import SqlResets
from idp.store.sessions import SqlSessions
from idp.store.subjects import SqlSubjects
from idp.store.transaction import Transaction


class SqlUnitOfWork:
    """Implements `UnitOfWork` of idp.accounts, idp.protocol and idp.outbound.

    Leaving its `with` takes back what was not committed.
    """

    def __init__(
        self,
        transaction: Transaction,
        context: AuditContext,
        *,
        keys: SecretKeys,
        last_key_uses: LastWritten,
        tell_event: Callable[[Mapping[str, object]], None] | None = None,
    ) -> None:
        self._transaction = transaction
        self._tell_event = tell_event
        self._context = context
        self._keys = keys
        self._last_key_uses = last_key_uses

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def commit(self) -> None:
        """Make what was written so far durable; the next write opens a new transaction."""
        self._transaction.commit()
        if "audit" in self.__dict__:
            self.audit.tell_committed()

    def rollback(self) -> None:
        """Take back what was written since the last commit."""
        self._transaction.close()
        if "audit" in self.__dict__:
            self.audit.forget_untold()

    def close(self) -> None:
        """Take back what was not committed and give the connections back; reuse is allowed."""
        self.rollback()

    @cached_property
    def practitioners(self) -> SqlPractitioners:
        """The insurer's directory."""
        return SqlPractitioners(self._transaction)

    @cached_property
    def accounts(self) -> SqlAccounts:
        """The accounts."""
        return SqlAccounts(self._transaction)

    @cached_property
    def registrations(self) -> SqlRegistrations:
        """Registrations that wait for their activation link."""
        return SqlRegistrations(self._transaction)

    @cached_property
    def resets(self) -> SqlResets:
        """Requests for a new password."""
        return SqlResets(self._transaction)

    @cached_property
    def email_links(self) -> SqlEmailLinks:
        """Links that confirm or undo a change of address."""
        return SqlEmailLinks(self._transaction)

    @cached_property
    def attempts(self) -> SqlAttempts:
        """Counters of attempts, and budgets."""
        return SqlAttempts(self._transaction)

    @cached_property
    def proofs(self) -> SqlProofs:
        """Proofs that were used."""
        return SqlProofs(self._transaction)

    @cached_property
    def known_devices(self) -> SqlKnownDevices:
        """Browsers that signed in before."""
        return SqlKnownDevices(self._transaction)

    @cached_property
    def sessions(self) -> SqlSessions:
        """Single sign-on sessions."""
        return SqlSessions(self._transaction, self.outbox)

    @cached_property
    def grants(self) -> SqlGrants:
        """Grants, each with its authorization code."""
        return SqlGrants(self._transaction)

    @cached_property
    def subjects(self) -> SqlSubjects:
        """The practitioners, as relying parties may see them."""
        return SqlSubjects(self._transaction)

    @cached_property
    def clients(self) -> SqlClients:
        """The relying parties' records."""
        return SqlClients(self._transaction)

    @cached_property
    def pushed_requests(self) -> SqlPushedRequests:
        """Pushed authorization requests."""
        return SqlPushedRequests(self._transaction)

    @cached_property
    def consents(self) -> SqlConsents:
        """What practitioners agreed to give."""
        return SqlConsents(self._transaction)

    @cached_property
    def client_assertions(self) -> SqlClientAssertions:
        """Client assertions that were used."""
        return SqlClientAssertions(self._transaction)

    @cached_property
    def key_uses(self) -> SqlKeyUses:
        """Which client got a token under which key."""
        return SqlKeyUses(self._transaction, self._last_key_uses)

    @cached_property
    def outbox(self) -> SqlOutbox:
        """What leaves: queued here, taken from here."""
        return SqlOutbox(self._transaction, self._keys)

    @cached_property
    def audit(self) -> SqlAuditTrail:
        """The append-only record of what happened."""
        return SqlAuditTrail(self._transaction, self._context, tell=self._tell_event)
