"""Signs the provider's tokens, and recognises them when they come back."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from joserfc.errors import JoseError
from joserfc.jws import CompactSignature

from idp.signing.errors import InvalidTokenError
from idp.signing.key_material import read_signature
from idp.signing.key_ring import KeyRing

_COMPACT_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_OUR_HEADERS = frozenset({"alg", "kid", "typ"})


class Signer:
    """Signs and verifies JWTs (RFC 7519) with the keys that are live at the moment."""

    def __init__(self, read_ring: Callable[[], KeyRing]) -> None:
        """Take what returns the present keys."""
        self._read_ring = read_ring

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
        self,
        token: str,
        *,
        now: datetime,
        typ: frozenset[str] | None,
        leeway: timedelta | None,
    ) -> dict[str, Any]:
        """Return the claims of a token that one of our published keys signed.

        The key is found by `kid` among our own and nowhere else, and decides the algorithm
        (RFC 8725 section 3.1). Issuer, audience and subject are the caller's to check.

        Args:
            token: whatever came in.
            now: the present moment.
            typ: the `typ` headers that will do, in lower case, "" for none; None takes any.
            leeway: how far clocks may differ; None for a hint that may have expired, whose
                dates are not looked at.

        Raises:
            InvalidTokenError: it is not ours, not of this type, or outside its time.

        """
        signature = _read(token)
        header = signature.headers()
        _check_header(header, typ)
        key = self._read_ring().find_published(header["kid"], now)
        if key is None:
            raise InvalidTokenError(f"no published key is called {header['kid']!r}")
        if not key.material.has_signed(token):
            raise InvalidTokenError(f"the signature is not that of {key.kid}")
        claims = _read_claims(signature)
        if leeway is not None:
            _check_times(claims, now.timestamp(), leeway.total_seconds())
        return claims


def _read(token: str) -> CompactSignature:
    if not _COMPACT_JWS.fullmatch(token):
        raise InvalidTokenError("it does not look like a signed token")
    try:
        return read_signature(token)
    except (JoseError, ValueError, RecursionError) as error:
        raise InvalidTokenError("it does not look like a signed token") from error


def _check_header(header: Mapping[str, Any], typ: frozenset[str] | None) -> None:
    """Refuse any header we never write: `jwk`, `jku`, `x5u`, `x5c` and `crit` among them."""
    strange = header.keys() - _OUR_HEADERS
    if strange:
        raise InvalidTokenError(f"we write no header {min(strange)!r}")
    if not isinstance(header.get("kid"), str):
        raise InvalidTokenError("it names no key")
    given = header.get("typ", "")
    if typ is not None and (not isinstance(given, str) or given.lower() not in typ):
        raise InvalidTokenError(f"it is of type {given!r}")


def _read_claims(signature: CompactSignature) -> dict[str, Any]:
    try:
        claims = json.loads(signature.payload or b"")
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
