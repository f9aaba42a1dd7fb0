"""Password hashes of the old site, as `idp accounts import` takes them over.

- Argon2id that costs no more than today's parameters is kept, and raised at the next login.
- Fast digests, which a thief computes by the billion, are wrapped in Argon2id at once:
  hexadecimal MD5, SHA-1, SHA-256 or SHA-512 of the password, bare or as `NAME$SALT$HEX`
  (the salt before the password).
- bcrypt, and Argon2id that costs more, take another time than an unknown number and so tell that
  their account exists: only if the administrator accepts that.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from argon2 import Parameters, Type, extract_parameters
from argon2.exceptions import InvalidHashError

from idp.accounts.errors import PasswordHashRefusedError
from idp.secret_values import fast_digest

_NAMES_BY_LENGTH = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
_DIGEST = re.compile(r"(?:(md5|sha1|sha256|sha512)\$([^$]{0,64})\$)?([0-9a-f]+)", re.IGNORECASE)
_WRAPPED = re.compile(r"wrapped:(md5|sha1|sha256|sha512):([^$]{0,64}):(\$argon2id\$.+)")
_BCRYPT = re.compile(r"\$2[aby]\$(0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}")
_MAX_MEMORY_KIB = 256 * 1024
_MAX_TIME_COST = 10


@dataclass(frozen=True, slots=True)
class WrappedDigest:
    """An old digest inside Argon2id: `phc` is the hash of its hexadecimal text."""

    name: str
    salt: str
    phc: str

    def __str__(self) -> str:
        return f"wrapped:{self.name}:{self.salt}:{self.phc}"


def parse_wrapped(stored: str) -> WrappedDigest | None:
    """Return a stored hash that is a wrapped digest, None for any other."""
    match = _WRAPPED.fullmatch(stored)
    return WrappedDigest(match[1], match[2], match[3]) if match else None


def unwrap(stored: str, password: str) -> tuple[str, str]:
    """Return the PHC string in a stored hash, and what it must be the hash of.

    A digest is computed even where none was wrapped: after a hash the processor has forgotten how,
    and the time it takes to find out again would tell which numbers came from the old site.
    """
    wrapped = parse_wrapped(stored)
    name, salt = (wrapped.name, wrapped.salt) if wrapped else ("sha256", "")
    digest = fast_digest(name, salt + password)
    return (wrapped.phc, digest) if wrapped else (stored, password)


def is_bcrypt(stored: str) -> bool:
    """Say whether a stored hash is bcrypt's, of a cost from 4 to 14."""
    return _BCRYPT.fullmatch(stored) is not None


def adopt_hash(
    imported: str,
    today: Parameters,
    *,
    hash_text: Callable[[str], str],
    accepts_timing: bool = False,
) -> str:
    """Return what to store for a hash of the old site; digests are wrapped with `hash_text`.

    Raises:
        PasswordHashRefusedError: with the reason, in words for the import's report.

    """
    if is_bcrypt(imported):
        _refuse_unless(accepts_timing, "bcrypt takes another time: --accept-timing")
        return imported
    if imported.startswith("$argon2"):
        _check_argon2(imported, today, accepts_timing=accepts_timing)
        return imported
    match = _DIGEST.fullmatch(imported)
    name = _NAMES_BY_LENGTH.get(len(match[3])) if match else None
    if match is None or name is None or (match[1] or name).lower() != name:
        raise PasswordHashRefusedError("unknown kind of password hash")
    return str(WrappedDigest(name, match[2] or "", hash_text(match[3].lower())))


def _check_argon2(imported: str, today: Parameters, *, accepts_timing: bool) -> None:
    try:
        found = extract_parameters(imported)
    except InvalidHashError as error:
        raise PasswordHashRefusedError("damaged Argon2 hash") from error
    _refuse_unless(found.type is Type.ID, "only the Argon2id kind of Argon2 is taken over")
    is_bearable = found.memory_cost <= _MAX_MEMORY_KIB and found.time_cost <= _MAX_TIME_COST
    _refuse_unless(is_bearable, f"costs over {_MAX_MEMORY_KIB} KiB or {_MAX_TIME_COST} passes")
    is_cheaper = _estimate_cost(found) <= _estimate_cost(today)
    _refuse_unless(
        is_cheaper or accepts_timing, "costs more than today's parameters: --accept-timing"
    )


def _estimate_cost(parameters: Parameters) -> int:
    """Return the memory written: taking it from the system costs about as much as one pass."""
    return parameters.memory_cost * (parameters.time_cost + 1)


def _refuse_unless(condition: bool, reason: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not condition:
        raise PasswordHashRefusedError(reason)
