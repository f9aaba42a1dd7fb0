"""Argon2id through argon2-cffi's PasswordHasher, computed by whichever library is faster here.

Both write the same PHC strings. argon2-cffi compiled for this processor (`.ci/make-environment`,
where there is a compiler) takes 11 ms for OWASP's minimum, its wheel 24: 35 MiB instead of 19 would
take as long. libsodium chooses its code at run time, but asks the kernel for fresh memory each
time: 14. It knows a single lane and its own sizes; for whatever else argon2-cffi computes itself.
"""

from functools import cache
from time import thread_time
from typing import Literal

import nacl.exceptions
import nacl.pwhash
from argon2 import Parameters, PasswordHasher, Type, extract_parameters
from argon2.exceptions import VerifyMismatchError

_SODIUM_MAX_LENGTH = 127
_SODIUM_VERSION = 19
_SODIUM_SIZES = (16, 32)

_PROBE_KIB = 4096
_PROBE_ROUNDS = 5


def make_password_hasher(parameters: Parameters) -> PasswordHasher:
    """Return the hasher of these parameters that is faster on this machine."""
    kind = SodiumPasswordHasher if is_sodium_faster() else PasswordHasher
    return kind.from_parameters(parameters)


@cache
def is_sodium_faster() -> bool:
    """Say whether libsodium beats argon2-cffi here; a process finds out once, in some 20 ms."""
    return _measure(SodiumPasswordHasher) < _measure(PasswordHasher)


class SodiumPasswordHasher(PasswordHasher):
    """argon2-cffi's hasher; a hash with a salt of one's own is left to argon2-cffi."""

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        """Return the PHC string of a password, with a new random salt unless one is given."""
        if salt is not None or not _is_for_sodium(self._parameters):
            return super().hash(password, salt=salt)
        hashed = nacl.pwhash.argon2id.str(
            _to_bytes(password), opslimit=self.time_cost, memlimit=self.memory_cost * 1024
        )
        return hashed.decode()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - argon2's name
        """Return True, as argon2-cffi does.

        The parameters are read first: libsodium does not tell a damaged hash from a wrong password.

        Raises:
            argon2.exceptions.VerifyMismatchError: the password is another one.
            argon2.exceptions.VerificationError: the hash cannot be computed.
            argon2.exceptions.InvalidHashError: it is no hash.

        """
        phc = hash.decode() if isinstance(hash, bytes) else hash
        if not _is_for_sodium(extract_parameters(phc)) or len(phc) > _SODIUM_MAX_LENGTH:
            return super().verify(hash, password)
        try:
            nacl.pwhash.argon2id.verify(phc.encode(), _to_bytes(password))
        except nacl.exceptions.InvalidkeyError as error:
            raise VerifyMismatchError from error
        return True


def _is_for_sodium(parameters: Parameters) -> bool:
    return (
        parameters.type is Type.ID
        and parameters.version == _SODIUM_VERSION
        and parameters.parallelism == 1
        and (parameters.salt_len, parameters.hash_len) == _SODIUM_SIZES
    )


def _to_bytes(password: str | bytes) -> bytes:
    return password.encode() if isinstance(password, str) else password


def _measure(kind: type[PasswordHasher]) -> float:
    """Return the processor seconds of a small hash: the best of a few, disturbed least."""
    hasher = kind(time_cost=2, memory_cost=_PROBE_KIB, parallelism=1)

    def time_hash() -> float:
        started = thread_time()
        hasher.hash("a password of usual length")
        return thread_time() - started

    return min(time_hash() for _ in range(_PROBE_ROUNDS))
