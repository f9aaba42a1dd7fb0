"""Tokens that come back: what an access or refresh token is, and whether it is still good."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from idp.protocol.adapters import IssuedToken
from idp.protocol.exchange import Exchange
from idp.protocol.grant import Grant
from idp.protocol.ports import Subject
from idp.protocol.provider import Provider
from idp.protocol.refresh_token import RefreshToken, read_refresh_token


def find_token(text: str, exchange: Exchange, provider: Provider) -> IssuedToken | None:
    """Return the token of either kind, None where this provider made no such token. One read."""
    refresh_token = read_refresh_token(provider.secret_keys, text)
    if refresh_token is None:
        return find_access_token(text, exchange, provider)
    found = exchange.uow.subjects.find_with_grant(refresh_token.grant_id)
    return as_refresh_token(refresh_token, *found) if found else None


def find_access_token(text: str, exchange: Exchange, provider: Provider) -> IssuedToken | None:
    """Return the access token, None where this provider made no such token. One read."""
    claims = provider.read_access_token(text, exchange.now)
    found = claims and exchange.uow.subjects.find_with_grant(str(claims.get("grant_id")))
    return _as_access_token(claims, *found) if claims and found else None


def _as_access_token(claims: Mapping[str, Any], grant: Grant, subject: Subject) -> IssuedToken:
    return IssuedToken(
        kind="access_token",
        grant=grant,
        subject=subject,
        scope=claims["scope"],
        issued_at=datetime.fromtimestamp(claims["iat"], UTC),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        jti=claims["jti"],
    )


def as_refresh_token(token: RefreshToken, grant: Grant, subject: Subject) -> IssuedToken:
    """Return a refresh token of ours with its grant, as the rest of the room takes it."""
    return IssuedToken(
        kind="refresh_token",
        grant=grant,
        subject=subject,
        scope=grant.scope,
        issued_at=grant.created_at,
        expires_at=grant.expires_at,
        is_latest=token.generation == grant.refresh_generation,
    )
