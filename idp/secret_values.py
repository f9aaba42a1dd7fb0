"""Every random value, digest, seal and comparison of secrets is made here and nowhere else.

Random values of at least 128 bits rest as SHA-256 digests. Values with little entropy (an IBAN
suffix, a verification code) rest as HMAC under a key that is not in the database. What travels
through a browser or waits in the outbox is sealed: encrypted and authenticated, for one purpose.
"""

import hashlib
import hmac
import secrets
import uuid
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from functools import cached_property

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAX_UNSEALED_BYTES = 64 * 1024


class SealBrokenError(Exception):
    """A sealed value is not ours, was altered, or was sealed for another purpose."""


def random_token(size: int = 32) -> str:
    """Return `size` random bytes (256 bits unless told) as URL-safe text."""
    return secrets.token_urlsafe(size)


def random_id() -> str:
    """Return a random UUID (version 4) as text."""
    return str(uuid.uuid4())


def random_digits(count: int = 6) -> str:
    """Return `count` random decimal digits, leading zeros included."""
    return f"{secrets.randbelow(10**count):0{count}d}"


def digest(token: str) -> str:
    """Return the SHA-256 of a random token, as 43 characters of URL-safe base64."""
    return _encode(hashlib.sha256(token.encode()).digest())


def fingerprint(content: str | bytes) -> str:
    """Return 16 hexadecimal characters of a hash of something that is no secret."""
    raw = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(raw).hexdigest()[:16]


def fast_digest(name: str, text: str) -> str:
    """Return an old site's digest of a password, in hexadecimal: the inside of an Argon2id hash."""
    return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()


def is_equal(left: str, right: str) -> bool:
    """Compare two secrets in a time that does not depend on where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class SecretKey:
    """A key kept outside the database, from which one is derived for each purpose (RFC 5869)."""

    def __init__(self, secret: str) -> None:
        """Take the secret as the settings give it: any text of at least 32 characters."""
        self._secret = secret.encode()
        self._derived: dict[str, bytes] = {}

    def __repr__(self) -> str:
        """Show which key this is, and nothing of it."""
        return f"SecretKey(version={self.version!r})"

    @cached_property
    def version(self) -> str:
        """A short public name of this key, kept beside what it protects."""
        return _encode(self.derive("key version"))[:8]

    def derive(self, purpose: str) -> bytes:
        """Return the 32-byte key for one purpose."""
        if purpose not in self._derived:
            kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
            self._derived[purpose] = kdf.derive(self._secret)
        return self._derived[purpose]

    def mac(self, purpose: str, *parts: str) -> str:
        """Return the HMAC-SHA-256 of the parts, unambiguously joined, as URL-safe base64."""
        message = b"".join(len(p.encode()).to_bytes(4, "big") + p.encode() for p in parts)
        return _encode(hmac.digest(self.derive(purpose), message, "sha256"))


class SecretKeys:
    """The current key and those it replaced: new values use the first, old ones stay readable."""

    def __init__(self, keys: Sequence[SecretKey]) -> None:
        """Take at least one key, the current one first."""
        self._keys = tuple(keys)
        self._boxes: dict[str, MultiFernet] = {}

    @property
    def current(self) -> SecretKey:
        """The key that new values are made with."""
        return self._keys[0]

    @property
    def earliest(self) -> SecretKey:
        """The oldest key still held, for values that must not change with the current one."""
        return self._keys[-1]

    def find(self, version: str) -> SecretKey | None:
        """Return the key of that version, or None where it was lost or retired."""
        return next((key for key in self._keys if key.version == version), None)

    def mac(self, purpose: str, *parts: str) -> str:
        """Return the HMAC of the parts under the current key."""
        return self.current.mac(purpose, *parts)

    def is_mac(self, mac: str, purpose: str, *parts: str) -> bool:
        """Say whether `mac` was made from these parts by the current key or an earlier one."""
        return any(is_equal(mac, key.mac(purpose, *parts)) for key in self._keys)

    def seal(self, purpose: str, plain: str) -> str:
        """Compress, encrypt and authenticate text for one purpose; the result is URL-safe.

        The date inside Fernet's format is left at zero: whoever needs one puts it in the text.
        """
        packed = zlib.compress(plain.encode(), 9)
        return self._box(purpose).encrypt_at_time(packed, 0).decode().rstrip("=")

    def unseal(self, purpose: str, sealed: str) -> str:
        """Return what was sealed for this purpose.

        Raises:
            SealBrokenError: it was not sealed by one of our keys for this purpose, or holds more
                than MAX_UNSEALED_BYTES.

        """
        try:
            packed = self._box(purpose).decrypt(sealed.encode("ascii") + b"=" * (-len(sealed) % 4))
            unpacker = zlib.decompressobj()
            plain = unpacker.decompress(packed, MAX_UNSEALED_BYTES).decode()
        except (InvalidToken, zlib.error, ValueError) as error:
            raise SealBrokenError from error
        if unpacker.unconsumed_tail:
            raise SealBrokenError
        return plain

    def _box(self, purpose: str) -> MultiFernet:
        if purpose not in self._boxes:
            derived = (urlsafe_b64encode(key.derive(f"seal {purpose}")) for key in self._keys)
            self._boxes[purpose] = MultiFernet([Fernet(key) for key in derived])
        return self._boxes[purpose]
