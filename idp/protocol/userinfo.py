"""The userinfo endpoint (OpenID Connect Core 5.3): claims as JSON, or signed for who asked so."""

from dataclasses import dataclass, field
from typing import Any

from idp.protocol.bearer import authenticate_bearer
from idp.protocol.claims import list_claims, read_claims
from idp.protocol.claims_request import read_kept_claims
from idp.protocol.errors import ProtocolError
from idp.protocol.exchange import Exchange
from idp.protocol.provider import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInfo:
    """The claims, and their signed form where the client registered for it."""

    client_id: str
    claims: dict[str, Any] = field(repr=False)
    signed: str | None = field(default=None, repr=False)


def answer_userinfo(exchange: Exchange, provider: Provider) -> UserInfo:
    """Return what the bearer of an access token may know about its practitioner.

    Raises:
        ProtocolError: `invalid_token`, or `insufficient_scope` without `openid`.

    """
    token = authenticate_bearer(exchange, provider)
    client = provider.clients.find(token.grant.client_id)
    if client is None or "openid" not in token.scopes:
        raise ProtocolError("insufficient_scope", "scope must contain openid.", status=403)
    asked = read_kept_claims(token.grant.claims).userinfo
    names = dict.fromkeys((*list_claims(token.scopes), *asked))
    claims = {
        "sub": provider.subject_for(client, token.grant.sub),
        **read_claims(token.subject, names),
    }
    algorithm = client.userinfo_signed_response_alg
    if algorithm is None:
        return UserInfo(client_id=client.client_id, claims=claims)
    signed = provider.sign_for(
        client,
        {**claims, "iss": provider.issuer, "aud": client.client_id},
        algorithm=algorithm,
        typ=None,
        now=exchange.now,
    )
    return UserInfo(client_id=client.client_id, claims=claims, signed=signed)
