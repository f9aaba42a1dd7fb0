"""What a successful token request answers (RFC 6749 5.1), whichever grant type asked."""

from typing import Any

from idp.protocol.access_token import sign_access_token
from idp.protocol.exchange import ProtocolRequest
from idp.protocol.provider import Provider
from idp.protocol.refresh_token import write_refresh_token


class MintsTokens:
    """How our grants make tokens: with the exchange's time, our signer, and no row.

    Mixed into Authlib's grants, whose own way asks the server, which does not know the request.
    Nothing is saved when Authlib says so: one statement of each grant consumes the code or the
    refresh token.
    """

    request: ProtocolRequest
    server: Any

    @property
    def next_generation(self) -> int:
        """The number of the refresh token that this exchange gives."""
        return 1

    @property
    def provider(self) -> Provider:
        """The issuer."""
        provider: Provider = self.server.provider
        return provider

    def generate_token(
        self,
        user: object = None,  # noqa: ARG002 - Authlib's signature
        scope: str = "",
        grant_type: str | None = None,  # noqa: ARG002
        expires_in: int | None = None,  # noqa: ARG002
        include_refresh_token: bool = True,  # noqa: FBT001, FBT002
    ) -> dict[str, Any]:
        """Return the token response but for its ID token, which an extension adds."""
        grant, client = self.request.kept_grant, self.request.client.record
        access_token, seconds = sign_access_token(
            self.provider, client, grant, scope=scope, now=self.request.now
        )
        response = {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": seconds,
            "scope": scope,
        }
        if include_refresh_token:
            response["refresh_token"] = write_refresh_token(
                self.provider.secret_keys, grant.id, self.next_generation
            )
        return response

    def save_token(self, token: dict[str, Any]) -> None:
        """Write nothing: there is no table of tokens."""
