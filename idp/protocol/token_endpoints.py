"""Introspection (RFC 7662) and revocation (RFC 7009) of what clients hold."""

from typing import Any

from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from idp.protocol.adapters import IssuedToken, RegisteredClient
from idp.protocol.client import AuthMethod
from idp.protocol.errors import refuse_client, refuse_grant, refuse_request
from idp.protocol.exchange import ProtocolRequest
from idp.protocol.issued_tokens import find_token
from idp.protocol.provider import Provider


class Introspection(IntrospectionEndpoint):
    """Tells a client that proved who it is about its own tokens; any other is just not active."""

    def authenticate_endpoint_client(self, request: ProtocolRequest) -> RegisteredClient:
        """Return the client; a public one proves nothing, so is told nothing (RFC 7662 2.1)."""
        client: RegisteredClient = super().authenticate_endpoint_client(request)
        if request.auth_method == AuthMethod.NONE:
            raise refuse_client("A public client may not introspect.", reason="public_client")
        return client

    def authenticate_token(
        self, request: ProtocolRequest, client: RegisteredClient
    ) -> dict[str, Any] | None:
        """Return what there is to say about the token, None where it is not active for them."""
        token = _find_token(self.server.provider, request)
        if token is None or not token.check_client(client) or not token.is_alive(request.now):
            return None
        provider = self.server.provider
        said = {
            "iss": provider.issuer,
            "sub": provider.subject_for(client.record, token.grant.sub),
            "aud": provider.issuer,
            "client_id": client.get_client_id(),
            "scope": token.scope,
            "iat": int(token.issued_at.timestamp()),
            "exp": int(token.expires_at.timestamp()),
            "auth_time": int(token.grant.authenticated_at.timestamp()),
        }
        is_access_token = token.kind == "access_token"
        return {**said, "token_type": "Bearer", "jti": token.jti} if is_access_token else said

    def create_introspection_payload(self, token: dict[str, Any] | None) -> dict[str, Any]:
        """Return the answer: `active`, and what there is to say."""
        return {"active": token is not None, **(token or {})}


class Revocation(RevocationEndpoint):
    """Revokes the family of a token: its access and its refresh tokens (RFC 7009 2.1)."""

    def authenticate_token(
        self, request: ProtocolRequest, client: RegisteredClient
    ) -> IssuedToken | None:
        """Return the token; one that is none of ours has nothing to revoke, which is no error."""
        token = _find_token(self.server.provider, request)
        if token is not None and not token.check_client(client):
            raise refuse_grant("token is not of this client.", reason="token_of_another_client")
        return token

    def revoke_token(self, token: IssuedToken, request: ProtocolRequest) -> None:
        """Revoke the grant."""
        request.uow.grants.revoke(token.grant.id, request.now)


def _find_token(provider: Provider, request: ProtocolRequest) -> IssuedToken | None:
    """Return the token; `token_type_hint` is not needed, its value hence ignored."""
    text = request.form.get("token")
    if text is None:
        raise refuse_request("token is missing.", reason="token_missing")
    return find_token(text, request.exchange, provider)
