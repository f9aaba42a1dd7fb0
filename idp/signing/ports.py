"""What signing asks of the outside: a place for keys, a memory of changes, and who got what."""

from collections.abc import Hashable, Mapping, Sequence
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


@dataclass(frozen=True, kw_only=True)
class KeyUse:
    """When a client last got a token signed with a key."""

    client_id: str
    algorithm: str
    kid: str
    last_used_at: datetime


class KeyUses(Protocol):
    """The last use of each key by each client, over all processes."""

    def list_key_uses(self) -> Sequence[KeyUse]:
        """Return them all, the latest first."""
