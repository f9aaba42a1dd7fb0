"""ID tokens (OpenID Connect Core 2), as an extension of Authlib's grants."""

from typing import Any

from authlib.oidc.core import OpenIDToken
from authlib.oidc.core.util import create_half_hash

from idp.protocol.claims import read_claims
from idp.protocol.claims_request import read_kept_claims
from idp.protocol.client import Client
from idp.protocol.exchange import ProtocolRequest
from idp.protocol.grant import Grant
from idp.protocol.provider import Provider
from idp.protocol.vocabulary import ACR_PASSWORD, AMR_PASSWORD, ID_TOKEN_TYPE


class IdTokens(OpenIDToken):
    """Adds an ID token to the token response of the grant it is registered with.

    Authlib would take its own times and parse a key for each token: this provider's signer does
    the signing, with the exchange's `now`.
    """

    def __init__(self, provider: Provider) -> None:
        """Take the issuer to sign for."""
        self._provider = provider

    def encode_id_token(self, token: dict[str, Any], request: ProtocolRequest) -> str:
        """Return the signed ID token that goes with this access token."""
        client, grant = request.client.record, request.kept_grant
        claims = self._build_claims(client, grant, request)
        half_hash = create_half_hash(token["access_token"], client.id_token_signed_response_alg)
        claims["at_hash"] = half_hash.decode()
        signed = self._provider.sign_for(
            client,
            claims,
            algorithm=client.id_token_signed_response_alg,
            typ=ID_TOKEN_TYPE,
            now=request.now,
        )
        self._record_key_use(client, request)
        return signed

    def _record_key_use(self, client: Client, request: ProtocolRequest) -> None:
        """Note which key this client just got to know, for `idp keys status --clients`."""
        algorithm = client.id_token_signed_response_alg
        kid = self._provider.find_kid(client, algorithm, request.now)
        request.uow.key_uses.record(client.client_id, algorithm=algorithm, kid=kid, now=request.now)

    def _build_claims(
        self, client: Client, grant: Grant, request: ProtocolRequest
    ) -> dict[str, Any]:
        lifetime = client.id_token_lifetime or self._provider.lifetimes.id_token_lifetime
        issued_at = int(request.now.timestamp())
        claims: dict[str, Any] = {
            "iss": self._provider.issuer,
            "sub": self._provider.subject_for(client, grant.sub),
            "aud": client.client_id,
            "iat": issued_at,
            "exp": issued_at + int(lifetime.total_seconds()),
            "auth_time": int(grant.authenticated_at.timestamp()),
            "acr": ACR_PASSWORD,
            "amr": list(AMR_PASSWORD),
            "sid": grant.sid,
        }
        # A refreshed ID token repeats no nonce: it answers no authorization request (Core 12.2).
        if grant.nonce is not None and request.authorization_code is not None:
            claims["nonce"] = grant.nonce
        # Profile claims come from userinfo, but for those asked for by name (Core 5.4, 5.5).
        asked = read_kept_claims(grant.claims).id_token
        return claims | read_claims(request.subject, asked) if asked else claims
