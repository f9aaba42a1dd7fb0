"""Signs the provider's tokens, and recognises them when they come back."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from joserfc.errors import JoseError
from joserfc.jws import CompactSignature

from idp.signing.errors import InvalidTokenError
from idp.signing.key_material import read_signature
from idp.signing.key_ring import KeyRing

_COMPACT_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_OUR_HEADERS = frozenset({"alg", "kid", "typ"})
_REMEMBERED_TOKENS = 1000


class _Recognised(NamedTuple):
    """What a token that one of our keys signed says."""

    kid: str
    typ: str
    payload: bytes


class Signer:
    """Signs and verifies JWTs (RFC 7519) with the keys that are live at the moment."""

    def __init__(self, read_ring: Callable[[], KeyRing]) -> None:
        """Take what returns the present keys."""
        self._read_ring = read_ring
        # What a key once signed it has signed for good: nothing kept here can become wrong.
        self._recognise = lru_cache(_REMEMBERED_TOKENS)(self._open)

    def find_kid(self, algorithm: str, *, now: datetime, client_id: str | None = None) -> str:
        """Return the kid that `sign_jwt` signs under for this client at this moment.

        Raises:
            NoActiveKeyError: no key signs with this algorithm.

        """
        return self._read_ring().active(algorithm, now, client_id=client_id).kid

    def sign_jwt(
        self,
        claims: Mapping[str, Any],
        *,
        algorithm: str,
        typ: str | None,
        now: datetime,
        client_id: str | None = None,
    ) -> str:
        """Return the claims as a signed JWT.

        Args:
            claims: what the token says, dates as whole seconds.
            algorithm: RS256, PS256, ES256 or EdDSA.
            typ: the `typ` header (`at+jwt`, `logout+jwt`, `JWT`); None leaves it out.
            now: the present moment, which decides the key.
            client_id: the client the token is for, which may be rehearsing the next key.

        Raises:
            NoActiveKeyError: no key signs with this algorithm.

        """
        key = self._read_ring().active(algorithm, now, client_id=client_id)
        payload = json.dumps(claims, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return key.material.sign(payload.encode(), typ=typ)

    def verify_jwt(
        self, token: str, *, now: datetime, typ: str, leeway: timedelta | None
    ) -> dict[str, Any]:
        """Return the claims of a token that one of our published keys signed.

        The key is found by `kid` among our own and nowhere else, and decides the algorithm
        (RFC 8725 section 3.1). Issuer, audience and subject are the caller's to check.

        Args:
            token: whatever came in.
            now: the present moment.
            typ: the `typ` header it must have, in whatever case (RFC 7515 section 4.1.9).
            leeway: how far clocks may differ; None for a hint that may have expired, whose
                dates are not looked at.

        Raises:
            InvalidTokenError: it is not ours, not of this type, or outside its time.

        """
        recognised = self._recognise(token)
        if self._read_ring().find_published(recognised.kid, now) is None:
            raise InvalidTokenError(f"no published key is called {recognised.kid!r}")
        if recognised.typ.lower() != typ.lower():
            raise InvalidTokenError(f"it is of type {recognised.typ!r}")
        claims = _read_claims(recognised.payload)
        if leeway is not None:
            _check_times(claims, now.timestamp(), leeway.total_seconds())
        return claims

    def _open(self, token: str) -> _Recognised:
        """Take a token apart that a key of ours signed, published or not."""
        signature = _read(token)
        header = signature.headers()
        _check_header(header)
        life = self._read_ring().find(header["kid"])
        if life is None:
            raise InvalidTokenError(f"no published key is called {header['kid']!r}")
        if not life.key.material.has_signed(signature):
            raise InvalidTokenError(f"the signature is not that of {life.key.kid}")
        return _Recognised(life.key.kid, header.get("typ", ""), signature.payload or b"")


def _read(token: str) -> CompactSignature:
    if not _COMPACT_JWS.fullmatch(token):
        raise InvalidTokenError("it does not look like a signed token")
    try:
        return read_signature(token)
    except (JoseError, ValueError, RecursionError) as error:
        raise InvalidTokenError("it does not look like a signed token") from error


def _check_header(header: Mapping[str, Any]) -> None:
    """Refuse any header we never write: `jwk`, `jku`, `x5u`, `x5c` and `crit` among them."""
    strange = header.keys() - _OUR_HEADERS
    if strange:
        raise InvalidTokenError(f"we write no header {min(strange)!r}")
    if not isinstance(header.get("kid"), str):
        raise InvalidTokenError("it names no key")
    if not isinstance(header.get("typ", ""), str):
        raise InvalidTokenError("its type is no text")


def _read_claims(payload: bytes) -> dict[str, Any]:
    try:
        claims = json.loads(payload)
    except ValueError as error:
        raise InvalidTokenError("its payload is not JSON") from error
    if not isinstance(claims, dict):
        raise InvalidTokenError("its payload is not an object")
    return claims


def _check_times(claims: Mapping[str, Any], now: float, leeway: float) -> None:
    """Check exp, nbf and iat (RFC 7519 sections 4.1.4 to 4.1.6); a token without exp is refused."""
    if _read_time(claims, "exp", default=None) <= now - leeway:
        raise InvalidTokenError("it has expired")
    if _read_time(claims, "nbf", default=now) > now + leeway:
        raise InvalidTokenError("its time has not come")
    if _read_time(claims, "iat", default=now) > now + leeway:
        raise InvalidTokenError("it was issued in the future")


def _read_time(claims: Mapping[str, Any], name: str, *, default: float | None) -> float:
    value = claims.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidTokenError(f"its {name} is no time")
    return value
