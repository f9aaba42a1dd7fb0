"""private_key_jwt: a client proves who it is by a JWT it signed (RFC 7523, Core 9)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from idp.protocol.client import Client
from idp.protocol.errors import refuse_client
from idp.protocol.exchange import ProtocolRequest
from idp.protocol.provider import Provider
from idp.protocol.unverified import read_unverified
from idp.protocol.vocabulary import ASSERTION_ALGORITHMS
from idp.secret_values import digest
from idp.signing.algorithms import build_jws_registry

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

_LATEST_TIME = 1e11
_MAX_LIFETIME = timedelta(hours=1)
_MAX_JTI_LENGTH = 256


def read_assertion_subject(assertion: str) -> str:
    """Return whom an assertion speaks for, unverified: that says whose keys to verify it with."""
    _, claims = read_unverified(assertion)
    subject = claims.get("sub")
    return subject if isinstance(subject, str) else ""


def consume_assertion(
    assertion: str, client: Client, *, request: ProtocolRequest, provider: Provider
) -> None:
    """Verify a client's assertion and use it up.

    Raises:
        ProtocolError: `invalid_client`.

    """
    keys = _find_keys(assertion, client, request=request, provider=provider)
    claims = _verify_signature(assertion, keys)
    expires_at = _check_claims(claims, client, request=request, provider=provider)
    jti = claims["jti"]
    if not request.uow.client_assertions.consume(
        client.client_id, digest(jti), expires_at=expires_at + provider.clock_tolerance
    ):
        raise refuse_client("client_assertion was used before.", reason="assertion_replayed")


def _find_keys(
    assertion: str, client: Client, *, request: ProtocolRequest, provider: Provider
) -> KeySet:
    header, _ = read_unverified(assertion)
    kid = header.get("kid")
    keys = provider.client_keys.find(client, kid if isinstance(kid, str) else None, request.now)
    if keys is None:
        raise refuse_client("The keys of this client cannot be read.", reason="client_keys_unread")
    if kid is not None and kid not in {key.kid for key in keys.keys}:
        raise refuse_client(
            "client_assertion names an unknown kid.", reason="assertion_kid_unknown"
        )
    return keys


def _verify_signature(assertion: str, keys: KeySet) -> dict[str, Any]:
    """Return the claims; algorithms are named, none is taken from the token (RFC 8725 3.1)."""
    try:
        token = jwt.decode(
            assertion, keys, algorithms=list(ASSERTION_ALGORITHMS), registry=build_jws_registry()
        )
    except (JoseError, ValueError, TypeError) as error:
        raise refuse_client(
            "client_assertion is not signed by a key of this client.", reason="assertion_signature"
        ) from error
    return token.claims


def _check_claims(
    claims: dict[str, Any], client: Client, *, request: ProtocolRequest, provider: Provider
) -> datetime:
    """Check who, for whom and when (RFC 7523 3); return when it expires."""
    audiences = claims.get("aud")
    named = audiences if isinstance(audiences, list) else [audiences]
    if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
        raise refuse_client("client_assertion has a wrong iss or sub.", reason="assertion_iss")
    if not {provider.issuer, f"{provider.issuer}/token"}.intersection(map(str, named)):
        raise refuse_client("client_assertion has a wrong aud.", reason="assertion_aud")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= _MAX_JTI_LENGTH or not jti.isprintable():
        raise refuse_client("client_assertion has no jti.", reason="assertion_jti")
    return _check_times(claims, request.now, provider.clock_tolerance)


def _check_times(claims: dict[str, Any], now: datetime, tolerance: timedelta) -> datetime:
    times = {name: claims.get(name, now.timestamp()) for name in ("iat", "nbf")}
    times["exp"] = claims.get("exp")
    if not all(map(_is_time, times.values())):
        raise refuse_client("client_assertion has no proper times.", reason="assertion_times")
    clock, slack = now.timestamp(), tolerance.total_seconds()
    is_early = max(times["iat"], times["nbf"]) > clock + slack
    is_late = times["exp"] <= clock - slack
    if is_early or is_late or times["exp"] > clock + _MAX_LIFETIME.total_seconds():
        error = refuse_client(
            "client_assertion is outside its time, or good for over an hour.",
            reason="assertion_clock",
        )
        error.details["clock_offset_seconds"] = str(int(times["iat"] - clock))
        raise error
    return datetime.fromtimestamp(times["exp"], UTC)


def _is_time(value: object) -> bool:
    """Say whether this is a NumericDate (RFC 7519 2) of our age; Python reads NaN from JSON too."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < _LATEST_TIME
