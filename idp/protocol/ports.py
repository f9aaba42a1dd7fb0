"""What the protocol room needs from outside: kept rows, keys and who is signed in."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from idp.audit_events import Event
from idp.protocol.client import Client
from idp.protocol.grant import Grant


class Clients(Protocol):
    """The relying parties' records."""

    def find(self, client_id: str) -> Client | None:
        """Return the client of that id."""

    def find_all(self) -> Sequence[Client]:
        """Return every client, by id."""

    def save(self, client: Client) -> None:
        """Add or replace the record."""

    def remove(self, client_id: str, now: datetime) -> bool:
        """Remove the record, revoking its grants and consents."""


class ClientDirectory(Protocol):
    """The clients as requests look them up: a change may take some seconds to be seen."""

    def find(self, client_id: str) -> Client | None:
        """Return the client of that id."""


class JwksFetcher(Protocol):
    """Gets what a client publishes at its `jwks_uri`, guarded against misuse (attack case C106)."""

    def fetch(self, uri: str) -> Mapping[str, Any] | None:
        """Return the JSON object found there; None where there is none, for whatever reason."""


class TokenLifetimes(Protocol):
    """How long what is given stays good, unless a client's record says otherwise."""

    @property
    def code_lifetime(self) -> timedelta: ...
    @property
    def par_lifetime(self) -> timedelta: ...
    @property
    def access_lifetime(self) -> timedelta: ...
    @property
    def id_token_lifetime(self) -> timedelta: ...
    @property
    def refresh_lifetime(self) -> timedelta: ...


class Grants(Protocol):
    """Grants, each with its authorization code."""

    def add(self, grant: Grant) -> bool:
        """Add it; False where its `once_id` was answered already."""

    def was_answered(self, once_id: str) -> bool:
        """Whether an authorization request that may be answered once has been."""

    def redeem_code(self, grant_id: str, *, refresh_generation: int, now: datetime) -> bool:
        """Use the code in one statement, if it is unused, unexpired, grant and session alive."""

    def rotate_refresh(
        self, grant_id: str, *, client_id: str, generation: int, now: datetime
    ) -> Grant | None:
        """Move from `generation` to the next in one statement, and return the grant.

        None where it is another client's or dead, or its account may not sign in.
        """

    def revoke(self, grant_id: str, now: datetime) -> bool:
        """Revoke the family."""

    def revoke_for_client(self, sub: str, client_id: str, now: datetime) -> int:
        """Revoke what an account let one client have (consent withdrawn)."""

    def find_client_ids(self, sid: str) -> Sequence[str]:
        """Return the clients that a session signed in to."""

    def find_latest_by_client(self, sub: str) -> Sequence[Grant]:
        """Return the latest grant of each client an account signed in to, latest first."""


class Subject(Protocol):
    """The account and directory entry behind a grant, as claims need them."""

    @property
    def sub(self) -> str: ...
    @property
    def finess(self) -> str: ...
    @property
    def email(self) -> str | None: ...
    @property
    def is_email_verified(self) -> bool: ...
    @property
    def name(self) -> str | None: ...
    @property
    def given_name(self) -> str | None: ...
    @property
    def family_name(self) -> str | None: ...
    @property
    def phone_number(self) -> str | None: ...
    @property
    def street_address(self) -> str | None: ...
    @property
    def postal_code(self) -> str | None: ...
    @property
    def locality(self) -> str | None: ...
    @property
    def updated_at(self) -> datetime | None: ...
    @property
    def may_sign_in(self) -> bool: ...


class Subjects(Protocol):
    """The practitioners, as relying parties may see them."""

    def find(self, sub: str) -> Subject | None:
        """Return account and directory entry in one statement; None where the account is gone."""

    def find_with_grant(self, grant_id: str) -> tuple[Grant, Subject] | None:
        """Return a grant and its subject in one statement, whatever their states."""


class SignedIn(Protocol):
    """The live session of the browser at hand."""

    @property
    def sid(self) -> str: ...
    @property
    def sub(self) -> str: ...
    @property
    def authenticated_at(self) -> datetime: ...
    @property
    def expires_at(self) -> datetime: ...
    @property
    def login_request_id(self) -> str | None: ...


class PushedRequests(Protocol):
    """Pushed authorization requests (RFC 9126)."""

    def add(
        self,
        reference_digest: str,
        client_id: str,
        payload: Mapping[str, str],
        *,
        expires_at: datetime,
    ) -> None:
        """Keep the parameters pushed under a reference."""

    def find(self, reference_digest: str) -> tuple[str, Mapping[str, str], datetime, bool] | None:
        """Return client id, parameters, expiry and whether it was used."""

    def consume(self, reference_digest: str, now: datetime) -> bool:
        """Use it, once: when its authorization code is issued."""


class Consents(Protocol):
    """What practitioners agreed to give to clients."""

    def find(self, sub: str, client_id: str) -> tuple[frozenset[str], str | None] | None:
        """Return the scopes agreed to, and the request id of the latest agreement."""

    def remember(
        self, sub: str, client_id: str, scopes: frozenset[str], *, request_id: str, now: datetime
    ) -> None:
        """Add the scopes to what was agreed to."""

    def withdraw(self, sub: str, client_id: str, now: datetime) -> bool:
        """Forget the agreement."""


class ClientAssertions(Protocol):
    """The `jti` of client assertions (RFC 7523), each good for one use."""

    def consume(self, client_id: str, jti_digest: str, *, expires_at: datetime) -> bool:
        """Remember it; False where it was seen before."""


class KeyUses(Protocol):
    """When each client last got a token under which key."""

    def record(self, client_id: str, *, algorithm: str, kid: str, now: datetime) -> None:
        """Note a use; written at most once a minute for the same three."""


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
        """Add an event; time, network and request id come from where it is built."""


class UnitOfWork(Protocol):
    """One transaction and the repositories that share it."""

    @property
    def clients(self) -> Clients: ...
    @property
    def grants(self) -> Grants: ...
    @property
    def subjects(self) -> Subjects: ...
    @property
    def pushed_requests(self) -> PushedRequests: ...
    @property
    def consents(self) -> Consents: ...
    @property
    def client_assertions(self) -> ClientAssertions: ...
    @property
    def key_uses(self) -> KeyUses: ...
    @property
    def audit(self) -> AuditTrail: ...

    def commit(self) -> None:
        """Make what was written so far durable."""
