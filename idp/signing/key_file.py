"""A key as the text of its file: dates to be read, the private half sealed together with them.

The private key is encrypted under the passphrase, stretched by scrypt, and the rest of the file is
part of what the seal authenticates: nobody without the passphrase can change a date.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from idp.secret_values import SealBrokenError, SecretKey, SecretKeys, random_token
from idp.signing.algorithms import PrivateKey
from idp.signing.key_material import KeyMaterial
from idp.signing.signing_key import SigningKey

_DATES = ("published_at", "signs_from", "predecessor_gone_at", "revoked_at")


class KeyFileError(ValueError):
    """The text is no key file of ours; the message says what is wrong, `remedy` what mends it."""

    remedy = "Restore it from the backup of the keys folder"


class PassphraseError(KeyFileError):
    """The file was sealed under another passphrase."""

    remedy = "Set keys.passphrase, or its file, to the one that it was made with"


class Passphrase:
    """The passphrase of the keys folder, stretched by scrypt (RFC 7914): 0.1 s for each salt."""

    def __init__(self, passphrase: str) -> None:
        """Take the passphrase as the settings give it."""
        self._passphrase = passphrase.encode()
        self._stretched: dict[str, SecretKeys] = {}

    def __repr__(self) -> str:
        return "Passphrase(…)"

    def stretch(self, salt: str) -> SecretKeys:
        """Return the keys that files with this salt are sealed under."""
        if salt not in self._stretched:
            kdf = Scrypt(salt=salt.encode(), length=32, n=2**15, r=8, p=1)
            self._stretched[salt] = SecretKeys([SecretKey(kdf.derive(self._passphrase).hex())])
        return self._stretched[salt]

    def choose_salt(self) -> str:
        """Return the salt for a new file: that of a file read before, stretched already."""
        return next(iter(self._stretched), None) or random_token(16)


def write_key_file(key: SigningKey, passphrase: Passphrase) -> str:
    """Return the text of the key's file."""
    salt = passphrase.choose_salt()
    keys = passphrase.stretch(salt)
    head: dict[str, Any] = {
        "kid": key.kid,
        "algorithm": key.algorithm,
        **{name: _write_date(getattr(key, name)) for name in _DATES},
        "predecessor": key.predecessor,
        "successor": key.successor,
        "rehearsed_by": sorted(key.rehearsed_by),
        "salt": salt,
        "passphrase": keys.current.version,
    }
    pem = key.material.private_key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    ).decode()
    return json.dumps(head | {"private_key": keys.seal(_bind(head), pem)}, indent=2) + "\n"


def read_key_file(text: str, passphrase: Passphrase) -> SigningKey:
    """Return the key that a file's text holds.

    Raises:
        KeyFileError: it is damaged, altered, under another passphrase, or contradicts itself.

    """
    head = _parse(text)
    sealed = head.pop("private_key")
    keys = passphrase.stretch(head["salt"])
    if head["passphrase"] != keys.current.version:
        raise PassphraseError("it is sealed under another passphrase")
    try:
        pem = keys.unseal(_bind(head), sealed)
    except SealBrokenError as error:
        raise KeyFileError("it was altered since the provider wrote it") from error
    return _build_key(head, pem)


def _parse(text: str) -> dict[str, Any]:
    try:
        head = json.loads(text)
    except ValueError as error:
        raise KeyFileError("it is not a key file, or only part of one") from error
    texts = ("kid", "algorithm", "salt", "passphrase", "private_key")
    if not isinstance(head, dict) or not all(isinstance(head.get(name), str) for name in texts):
        raise KeyFileError("it is not a key file, or only part of one")
    return head


def _build_key(head: Mapping[str, Any], pem: str) -> SigningKey:
    """Build the key. What it is built from is authentic, so a contradiction is a slip of ours."""
    try:
        key = SigningKey(
            material=KeyMaterial(head["algorithm"], _load_private_key(pem)),
            published_at=datetime.fromisoformat(head["published_at"]),
            signs_from=datetime.fromisoformat(head["signs_from"]),
            predecessor_gone_at=_read_date(head["predecessor_gone_at"]),
            revoked_at=_read_date(head["revoked_at"]),
            predecessor=head["predecessor"],
            successor=head["successor"],
            rehearsed_by=frozenset(head["rehearsed_by"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise KeyFileError(f"its content contradicts itself ({error})") from error
    if key.kid != head["kid"]:
        raise KeyFileError(f"its private key is not that of {head['kid']}")
    if key.signs_from < key.published_at:
        raise KeyFileError("it would sign before it is published")
    if key.predecessor_gone_at is not None and key.predecessor_gone_at < key.signs_from:
        raise KeyFileError("the key it takes over from would be gone before")
    return key


def _load_private_key(pem: str) -> PrivateKey:
    return load_pem_private_key(pem.encode(), password=None)  # type: ignore[return-value]


def _bind(head: Mapping[str, Any]) -> str:
    return "signing key " + json.dumps(head, sort_keys=True, separators=(",", ":"))


def _write_date(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _read_date(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
