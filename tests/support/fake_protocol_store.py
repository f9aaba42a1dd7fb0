"""The protocol room's ports in memory: what is kept, for tests without a database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from idp.protocol.client import Client
from idp.protocol.grant import Grant


@dataclass(frozen=True, kw_only=True)
class FakeSubject:
    """A practitioner as claims need them."""

    sub: str
    finess: str = "750100018"
    email: str | None = "cabinet@orange.example"
    is_email_verified: bool = True
    name: str | None = "Camille Martin"
    given_name: str | None = "Camille"
    family_name: str | None = "Martin"
    phone_number: str | None = "+33 1 23 45 67 89"
    street_address: str | None = "1 rue des Lilas"
    postal_code: str | None = "75001"
    locality: str | None = "Paris"
    updated_at: datetime | None = None
    may_sign_in: bool = True


@dataclass(frozen=True, kw_only=True)
class FakeSession:
    """Who is signed in."""

    sid: str = "sid-1"
    sub: str
    authenticated_at: datetime
    expires_at: datetime
    login_request_id: str | None = None


class FakeClients:
    """Clients by id: rows and directory in one."""

    def __init__(self, *clients: Client) -> None:
        self.kept = {client.client_id: client for client in clients}

    def find(self, client_id: str) -> Client | None:
        """Return the client."""
        return self.kept.get(client_id)

    def find_all(self) -> Sequence[Client]:
        """Return all, by id."""
        return [self.kept[client_id] for client_id in sorted(self.kept)]

    def save(self, client: Client) -> None:
        """Keep it."""
        self.kept[client.client_id] = client

    def remove(self, client_id: str, now: datetime) -> bool:
        """Forget it."""
        return self.kept.pop(client_id, None) is not None


class FakeGrants:
    """Grants, with each conditional update as one step; another is faster if `loses_races`."""

    def __init__(self) -> None:
        self.loses_races = False
        self.kept: dict[str, Grant] = {}
        self.may_sign_in: Callable[[str], bool] = lambda _sub: True

    def add(self, grant: Grant) -> bool:
        """Keep it, unless its request was answered."""
        is_once = grant.once_id is not None
        if is_once and (self.loses_races or self.was_answered(str(grant.once_id))):
            return False
        self.kept[grant.id] = grant
        return True

    def was_answered(self, once_id: str) -> bool:
        """Whether a grant has that `once_id`."""
        return any(grant.once_id == once_id for grant in self.kept.values())

    def find(self, grant_id: str) -> Grant | None:
        """Return the grant."""
        return self.kept.get(grant_id)

    def redeem_code(self, grant_id: str, *, refresh_generation: int, now: datetime) -> bool:
        """Use the code, if it can be."""
        grant = self.kept[grant_id]
        if (
            self.loses_races
            or grant.code_used_at
            or grant.revoked_at
            or now >= grant.code_expires_at
        ):
            return False
        self._change(grant, code_used_at=now, refresh_generation=refresh_generation)
        return True

    def rotate_refresh(
        self, grant_id: str, *, client_id: str, generation: int, now: datetime
    ) -> Grant | None:
        """Move on, if this is the latest generation."""
        grant = self.kept.get(grant_id)
        if grant is None or grant.client_id != client_id or grant.refresh_generation != generation:
            return None
        is_alive = grant.revoked_at is None and now < grant.expires_at
        if not is_alive or not self.may_sign_in(grant.sub):
            return None
        self._change(grant, refresh_generation=generation + 1)
        return None if self.loses_races else self.kept[grant_id]

    def revoke(self, grant_id: str, now: datetime) -> bool:
        """Revoke it."""
        grant = self.kept[grant_id]
        if grant.revoked_at is None:
            self._change(grant, revoked_at=now)
        return True

    def revoke_for_client(self, sub: str, client_id: str, now: datetime) -> int:
        """Revoke those of the pair."""
        found = [g for g in self.kept.values() if (g.sub, g.client_id) == (sub, client_id)]
        return sum(self.revoke(grant.id, now) for grant in found)

    def find_latest_by_client(self, sub: str) -> Sequence[Grant]:
        """Return those of the account."""
        return [grant for grant in self.kept.values() if grant.sub == sub]

    def find_client_ids(self, sid: str) -> Sequence[str]:
        """Return who the session signed in to."""
        return sorted({grant.client_id for grant in self.kept.values() if grant.sid == sid})

    def _change(self, grant: Grant, **changes: Any) -> None:  # noqa: ANN401 - any field
        self.kept[grant.id] = replace(grant, **changes)


class FakeSubjects:
    """Practitioners by `sub`."""

    def __init__(self, grants: FakeGrants) -> None:
        self.kept: dict[str, FakeSubject] = {}
        self._grants = grants
        grants.may_sign_in = lambda sub: self.kept[sub].may_sign_in

    def find(self, sub: str) -> FakeSubject | None:
        """Return the practitioner."""
        return self.kept.get(sub)

    def find_with_grant(self, grant_id: str) -> tuple[Grant, FakeSubject] | None:
        """Return both."""
        grant = self._grants.find(grant_id)
        return (grant, self.kept[grant.sub]) if grant else None


@dataclass
class FakePushedRequests:
    """Pushed requests by the digest of their reference."""

    kept: dict[str, tuple[str, Mapping[str, str], datetime, bool]] = field(default_factory=dict)

    def add(
        self,
        reference_digest: str,
        client_id: str,
        payload: Mapping[str, str],
        *,
        expires_at: datetime,
    ) -> None:
        """Keep it."""
        self.kept[reference_digest] = (client_id, payload, expires_at, False)

    def find(self, reference_digest: str) -> tuple[str, Mapping[str, str], datetime, bool] | None:
        """Return what was pushed."""
        return self.kept.get(reference_digest)

    def consume(self, reference_digest: str, now: datetime) -> bool:
        """Use it, once."""
        client_id, payload, expires_at, is_used = self.kept[reference_digest]
        self.kept[reference_digest] = (client_id, payload, expires_at, True)
        return not is_used


class FakeConsents:
    """Agreements by account and client."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], tuple[frozenset[str], str | None]] = {}

    def find(self, sub: str, client_id: str) -> tuple[frozenset[str], str | None] | None:
        """Return the agreement."""
        return self.kept.get((sub, client_id))

    def remember(
        self, sub: str, client_id: str, scopes: frozenset[str], *, request_id: str, now: datetime
    ) -> None:
        """Add to the agreement."""
        known, _ = self.kept.get((sub, client_id), (frozenset(), None))
        self.kept[sub, client_id] = (known | scopes, request_id)

    def withdraw(self, sub: str, client_id: str, now: datetime) -> bool:
        """Forget it."""
        return self.kept.pop((sub, client_id), None) is not None


@dataclass
class FakeAssertions:
    """Used `jti`s."""

    kept: set[tuple[str, str]] = field(default_factory=set)

    def consume(self, client_id: str, jti_digest: str, *, expires_at: datetime) -> bool:
        """Use it, once."""
        if (client_id, jti_digest) in self.kept:
            return False
        self.kept.add((client_id, jti_digest))
        return True


@dataclass
class FakeKeyUses:
    """Who got a token under which key."""

    kept: list[tuple[str, str, str]] = field(default_factory=list)

    def record(self, client_id: str, *, algorithm: str, kid: str, now: datetime) -> None:
        """Keep the use."""
        self.kept.append((client_id, algorithm, kid))


@dataclass
class FakeAuditTrail:
    """Events as they were recorded."""

    events: list[dict[str, Any]] = field(default_factory=list)

    def record(self, name: str, **parts: Any) -> None:  # noqa: ANN401 - any part
        """Keep the event."""
        self.events.append({"name": name, **parts})


class FakeUnitOfWork:
    """One unit of work over all of these."""

    def __init__(self, *clients: Client) -> None:
        self.clients = FakeClients(*clients)
        self.grants = FakeGrants()
        self.subjects = FakeSubjects(self.grants)
        self.pushed_requests = FakePushedRequests()
        self.consents = FakeConsents()
        self.client_assertions = FakeAssertions()
        self.key_uses = FakeKeyUses()
        self.audit = FakeAuditTrail()

    def commit(self) -> None:
        """Nothing waits."""


@dataclass(frozen=True)
class Lifetimes:
    """The default lifetimes."""

    code_lifetime: timedelta = timedelta(seconds=60)
    par_lifetime: timedelta = timedelta(seconds=90)
    access_lifetime: timedelta = timedelta(minutes=10)
    id_token_lifetime: timedelta = timedelta(minutes=10)
    refresh_lifetime: timedelta = timedelta(hours=12)


class FakeFetcher:
    """JWK sets by address, counting how often each was fetched."""

    def __init__(self, **found: Mapping[str, Any]) -> None:
        self.found = dict(found)
        self.fetched: list[str] = []
        self.while_fetching: Callable[[], object] = lambda: None

    def fetch(self, uri: str) -> Mapping[str, Any] | None:
        """Return what is there."""
        self.fetched.append(uri)
        self.while_fetching()
        return self.found.get(uri)
