"""Keys for tests: a clock that the test moves, keys with any dates, a store in memory."""

from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from idp.signing.key_material import KeyMaterial
from idp.signing.key_ring import KeyRing
from idp.signing.policy import RotationPolicy
from idp.signing.signing_key import KeyLife, KeyPlan, SigningKey

START = datetime(2025, 3, 1, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

PASSPHRASE = "a passphrase of the tests, long enough"

POLICY = RotationPolicy(jwks_max_age=15 * MINUTE, longest_token_lifetime=12 * HOUR)


@dataclass
class MovedClock:
    """A clock that stands still until the test moves it."""

    moment: datetime = START

    def now(self) -> datetime:
        """Return the moment it was left at."""
        return self.moment

    def advance(self, duration: timedelta) -> datetime:
        """Move on, and return the new moment."""
        self.moment += duration
        return self.moment


@dataclass
class AuditList:
    """An audit trail that the test reads."""

    names: list[str] = field(default_factory=list)
    details: list[Mapping[str, Any]] = field(default_factory=list)
    reasons: list[str | None] = field(default_factory=list)

    def record(self, name: str, *, reason: str | None, details: Mapping[str, Any]) -> None:
        """Keep the change."""
        self.names.append(name)
        self.reasons.append(reason)
        self.details.append(details)


def make_key(algorithm: str = "ES256", **fields: Any) -> SigningKey:  # noqa: ANN401 - any field
    """Return a new key; published and signing from START unless told otherwise."""
    material = KeyMaterial.generate(algorithm, rsa_bits=2048)
    published_at = fields.pop("published_at", START)
    signs_from = fields.pop("signs_from", published_at)
    return SigningKey(material=material, published_at=published_at, signs_from=signs_from, **fields)


def make_successor(key: SigningKey, **dates: Any) -> SigningKey:  # noqa: ANN401 - any field
    """Return a key that takes over an hour after START; the first one is gone 12 hours later."""
    fields = {
        "signs_from": START + HOUR,
        "predecessor": key.kid,
        "predecessor_gone_at": START + 13 * HOUR,
        **dates,
    }
    return make_key(key.algorithm, **fields)


def life_of(key: SigningKey, ring: KeyRing) -> KeyLife:
    """Return the key as the ring sees it."""
    life = ring.find(key.kid)
    assert life is not None
    return life


@dataclass
class MemoryKeyStore:
    """A key store without files (implements `ports.KeyStore`)."""

    keys: dict[str, SigningKey] = field(default_factory=dict)
    version: int = 0
    loads: int = 0
    is_locked: bool = False
    writes: list[str] = field(default_factory=list)
    writes_until_crash: int = -1

    @classmethod
    def holding(cls, *keys: SigningKey) -> "MemoryKeyStore":
        """Return a store that keeps these keys."""
        return cls({key.kid: key for key in keys})

    def prepare(self) -> None:
        """Do nothing: there is no folder to make."""

    def load_keys(self) -> list[SigningKey]:
        """Return the keys, counting how often."""
        self.loads += 1
        return list(self.keys.values())

    def fingerprint(self) -> Hashable:
        """Return how often something was written."""
        return self.version

    @contextmanager
    def make_changes(self) -> Iterator[None]:
        """Be locked for a while."""
        assert not self.is_locked
        self.is_locked = True
        try:
            yield
        finally:
            self.is_locked = False

    def create_key(self, plan: KeyPlan) -> SigningKey:
        """Make the key."""
        key = SigningKey.make(KeyMaterial.generate(plan.algorithm, rsa_bits=2048), plan)
        self.replace_key(key)
        return key

    def replace_key(self, key: SigningKey) -> None:
        """Keep the key, unless the process dies before."""
        self._write(f"write {key.kid}")
        self.keys[key.kid] = key

    def remove_key(self, kid: str) -> None:
        """Forget the key, unless the process dies before."""
        self._write(f"remove {kid}")
        del self.keys[kid]

    def _write(self, what: str) -> None:
        if self.writes_until_crash == 0:
            raise CrashError
        self.writes_until_crash -= 1
        self.version += 1
        self.writes.append(what)


class CrashError(Exception):
    """The process died at this point."""


def list_published(ring: KeyRing, now: datetime) -> list[str]:
    """Return the kids of the JWKS at that moment."""
    return [jwk["kid"] for jwk in ring.jwks(now)["keys"]]
