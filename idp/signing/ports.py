"""What signing asks of the outside: a place for keys, and a memory of changes."""

from collections.abc import Hashable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from idp.audit_events import Event
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

    def record(self, name: Event, *, reason: str | None, details: Mapping[str, Any]) -> None:
        """Keep that the change `name` was made."""
