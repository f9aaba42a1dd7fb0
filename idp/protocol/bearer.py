"""Whoever brings an access token (RFC 6750): what it is worth at this moment."""

import re

from idp.protocol.adapters import IssuedToken
from idp.protocol.errors import ProtocolError, refuse_request
from idp.protocol.exchange import Exchange
from idp.protocol.issued_tokens import find_access_token
from idp.protocol.provider import Provider

_BEARER = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/=-]+)")


def authenticate_bearer(exchange: Exchange, provider: Provider) -> IssuedToken:
    """Return the live token that an exchange brings in its header or, if posted, in its form.

    Raises:
        ProtocolError: `invalid_token`, or `invalid_request` where it brings two.

    """
    text = _read_token(exchange)
    token = find_access_token(text, exchange, provider) if text else None
    if token is None or not token.is_alive(exchange.now):
        raise _refuse_token(has_token=text is not None)
    return token


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
