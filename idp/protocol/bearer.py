"""Whoever brings an access token (RFC 6750): what it is worth at this moment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from idp.protocol.errors import ProtocolError, refuse_request
from idp.protocol.exchange import Exchange
from idp.protocol.grant import Grant
from idp.protocol.ports import Subject
from idp.protocol.provider import Provider

_BEARER = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/=-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveToken:
    """An access token that is good: signed by us, in its time, its family alive."""

    claims: Mapping[str, Any]
    grant: Grant
    subject: Subject

    @property
    def scopes(self) -> tuple[str, ...]:
        """What it is good for."""
        return tuple(self.claims["scope"].split())


def authenticate_bearer(exchange: Exchange, provider: Provider) -> LiveToken:
    """Return the token that an exchange brings in its header or, if posted, in its form.

    Raises:
        ProtocolError: `invalid_token`, or `invalid_request` where it brings two.

    """
    token = _read_token(exchange)
    live = find_live_token(token, exchange, provider) if token else None
    if live is None:
        raise _refuse_token(has_token=token is not None)
    return live


def find_live_token(token: str, exchange: Exchange, provider: Provider) -> LiveToken | None:
    """Return what an access token is worth, None where that is nothing. One read."""
    claims = provider.read_access_token(token, exchange.now)
    found = claims and exchange.uow.subjects.find_with_grant(str(claims.get("grant_id")))
    if not claims or not found:
        return None
    grant, subject = found
    is_alive = grant.revoked_at is None and subject.may_sign_in
    return LiveToken(claims=claims, grant=grant, subject=subject) if is_alive else None


def _read_token(exchange: Exchange) -> str | None:
    header, posted = exchange.authorization, exchange.parameters.get("access_token")
    if header is None:
        return posted
    if posted is not None:
        raise refuse_request("Only one way to send an access token.", reason="two_tokens")
    match = _BEARER.fullmatch(header)
    return match[1] if match else None


def _refuse_token(*, has_token: bool) -> ProtocolError:
    """Say what is wrong with the token, and nothing where there was none (RFC 6750 3.1)."""
    description = "The access token is expired, revoked or none of ours."
    error = ProtocolError("invalid_token", description, status=401)
    told = f', error="invalid_token", error_description="{description}"' if has_token else ""
    error.challenge = f'Bearer realm="userinfo"{told}'
    return error
