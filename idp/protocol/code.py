"""Issuing an authorization code: one row, which is the grant."""

from dataclasses import replace
from datetime import datetime

from idp import secret_values
from idp.protocol.authorization_request import AuthorizationRequest
from idp.protocol.errors import ProtocolError, RequestAnsweredError
from idp.protocol.exchange import Exchange
from idp.protocol.grant import Grant
from idp.protocol.ports import SignedIn
from idp.protocol.provider import Provider
from idp.protocol.responses import AuthorizationAnswer, build_answer
from idp.protocol.session_state import build_session_state


def issue_code(
    provider: Provider,
    request: AuthorizationRequest,
    session: SignedIn,
    *,
    exchange: Exchange,
    once_id: str | None,
) -> AuthorizationAnswer:
    """Write the grant and return the answer that carries its code.

    `once_id` is kept unique: what may be answered only once is, whoever races.

    Raises:
        RequestAnsweredError: the request may be answered once, and was a moment ago.
        ProtocolError: the pushed request it came from was used.

    """
    grant_id = secret_values.random_token(16)
    code = f"{grant_id}.{secret_values.random_token()}"
    grant = _build_grant(provider, request, session, now=exchange.now, code=code)
    if not exchange.uow.grants.add(replace(grant, once_id=once_id)):
        raise RequestAnsweredError
    _consume_pushed(request, exchange)
    return build_answer(
        request.reply_to,
        provider.issuer,
        code=code,
        session_state=build_session_state(provider, request, session),
    )


def read_grant_id(code: str) -> str:
    """Return the grant that a code names, so that one read by key finds it."""
    return code.partition(".")[0][:64]


def _build_grant(
    provider: Provider,
    request: AuthorizationRequest,
    session: SignedIn,
    *,
    now: datetime,
    code: str,
) -> Grant:
    return Grant(
        id=read_grant_id(code),
        sub=session.sub,
        client_id=request.client.client_id,
        sid=session.sid,
        scope=" ".join(request.scopes),
        authenticated_at=session.authenticated_at,
        created_at=now,
        expires_at=_expire(provider, request, session, now=now),
        code_digest=secret_values.digest(code),
        code_expires_at=now + provider.lifetimes.code_lifetime,
        redirect_uri=request.reply_to.redirect_uri,
        nonce=request.nonce,
        code_challenge=request.code_challenge,
        claims=request.claims.to_text(),
    )


def _expire(
    provider: Provider, request: AuthorizationRequest, session: SignedIn, *, now: datetime
) -> datetime:
    """Return when the last refresh is over: never past the session's absolute end.

    Access tokens carry their own end. A client without refresh tokens needs its row for the code.
    """
    client, lifetimes = request.client, provider.lifetimes
    if "refresh_token" not in client.grant_types:
        return now + lifetimes.code_lifetime
    lifetime = client.refresh_token_lifetime or lifetimes.refresh_lifetime
    return min(now + lifetime, session.expires_at)


def _consume_pushed(request: AuthorizationRequest, exchange: Exchange) -> None:
    """Use the pushed request, now that its code is issued (RFC 9126 4)."""
    reference = request.received.pushed_reference
    if reference is None or exchange.uow.pushed_requests.consume(reference, exchange.now):
        return
    error = ProtocolError("invalid_request_uri", "request_uri was used before.")
    error.client_id, error.reply_to = request.client.client_id, request.reply_to
    raise error
