"""The refresh token grant (RFC 6749 6): each token is good once, its reuse is a theft."""

from typing import Any

from authlib.oauth2.rfc6749.grants import RefreshTokenGrant

from idp.protocol.adapters import IssuedToken
from idp.protocol.errors import ProtocolError, refuse_grant
from idp.protocol.grant import Grant
from idp.protocol.issued_tokens import as_refresh_token
from idp.protocol.refresh_token import RefreshToken, read_refresh_token
from idp.protocol.token_response import MintsTokens


class RefreshGrant(MintsTokens, RefreshTokenGrant):
    """Authlib's grant with rotation in one conditional update, made last."""

    INCLUDE_NEW_REFRESH_TOKEN = True
    presented: RefreshToken

    @property
    def next_generation(self) -> int:
        """The number of the refresh token that this exchange gives."""
        return self.presented.generation + 1

    def validate_token_request(self) -> None:
        """Check client, token and scope; then whether this token is the family's latest."""
        super().validate_token_request()
        issued: IssuedToken = self.request.refresh_token
        self._refuse_dead(issued.grant)
        self.request.kept_grant, self.request.subject = issued.grant, issued.subject

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """Sign everything, then rotate: the loser of a race is a valid replay."""
        status, response, headers = super().create_token_response()
        grant = self.request.kept_grant
        if not self.request.uow.grants.rotate_refresh(
            grant.id, generation=self.presented.generation, now=self.request.now
        ):
            raise self._revoke_replayed(grant)
        return status, response, headers

    def authenticate_refresh_token(self, refresh_token: str) -> IssuedToken:
        """Return the token, whatever became of its family, if this provider made it."""
        presented = read_refresh_token(self.provider.secret_keys, refresh_token)
        found = presented and self.request.uow.subjects.find_with_grant(presented.grant_id)
        if not presented or not found:
            raise refuse_grant("refresh_token is unknown.", reason="refresh_unknown")
        self.presented = presented
        return as_refresh_token(presented, *found)

    def revoke_old_credential(self, refresh_token: IssuedToken) -> None:
        """Revoke nothing: moving to the next generation has made the old token a used one."""

    def _refuse_dead(self, grant: Grant) -> None:
        if self.presented.generation < grant.refresh_generation:
            raise self._revoke_replayed(grant)
        if grant.revoked_at is not None:
            raise refuse_grant("refresh_token was revoked.", reason="grant_revoked")
        if self.request.now >= grant.expires_at:
            raise refuse_grant("refresh_token has expired.", reason="refresh_expired")
        if self.presented.generation > grant.refresh_generation:
            raise refuse_grant("refresh_token is unknown.", reason="refresh_unknown")

    def _revoke_replayed(self, grant: Grant) -> ProtocolError:
        self.request.uow.grants.revoke(grant.id, self.request.now)
        return refuse_grant("refresh_token was used before.", reason="refresh_replayed")
