"""What signing asks of the outside: a place for keys, a memory of changes, and who got what."""

from collections.abc import Hashable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from idp.signing.signing_key import KeyPlan, SigningKey


class KeyStore(Protocol):
    """Where keys are kept. A folder here; a KMS or a PKCS#11 token may stand in for it."""

    def prepare(self) -> None:
        """Make the place where keys are kept, unless it is there."""

    def load_keys(self) -> list[SigningKey]:
        """Return every key. Raises KeysRefusedError, naming every fault."""

    def fingerprint(self) -> Hashable:
        """Return, cheaply, a value that changes whenever a key was added, changed or removed."""

    def make_changes(self) -> AbstractContextManager[None]:
        """Keep every other process from changing keys while the context is open."""

    def create_key(self, plan: KeyPlan) -> SigningKey:
        """Make the planned key and keep it."""

    def replace_key(self, key: SigningKey) -> None:
        """Keep the key's new dates instead of its old ones, in one step."""

    def remove_key(self, kid: str) -> None:
        """Destroy the key."""


class AuditTrail(Protocol):
    """The memory of who changed what."""

    def record(self, name: str, *, reason: str | None, details: Mapping[str, Any]) -> None:
        """Keep that the change `name` was made."""


@dataclass(frozen=True)
class KeyUse:
    """When a client last got a token, under which key; None where it is not known."""

    client_id: str
    kid: str
    signed_at: datetime
    address: str | None = None
    jwks_fetched_at: datetime | None = None


class KeyUseStore(Protocol):
    """The last key use of each client, shared by all processes."""

    def save_key_uses(self, uses: Iterable[KeyUse]) -> None:
        """Keep each use, unless a later one of its client is kept already."""

    def save_jwks_fetches(self, fetches: Mapping[str, datetime]) -> None:
        """Note on each kept use with one of these addresses when it last fetched the JWKS."""

    def list_key_uses(self) -> list[KeyUse]:
        """Return the last use of every client that has one, by client id."""
