"""The refresh token grant (RFC 6749 6): each token is good once, its reuse is a theft."""

from typing import Any

from authlib.oauth2.rfc6749 import InvalidScopeError
from authlib.oauth2.rfc6749.grants import RefreshTokenGrant

from idp.protocol.adapters import IssuedToken, RotatedToken
from idp.protocol.errors import ProtocolError, refuse_grant
from idp.protocol.issued_tokens import as_refresh_token
from idp.protocol.refresh_token import RefreshToken, read_refresh_token
from idp.protocol.token_response import MintsTokens


class RefreshGrant(MintsTokens, RefreshTokenGrant):
    """Authlib's grant; one conditional update rotates and reads, and comes first.

    Where scope or signature then fail, the rotation is taken back: the site may try again. Whatever
    cannot be rotated is looked at once more, to tell why not.
    """

    INCLUDE_NEW_REFRESH_TOKEN = True
    presented: RefreshToken
    has_rotated = False

    @property
    def next_generation(self) -> int:
        """The number of the refresh token that this exchange gives."""
        return self.presented.generation + 1

    def validate_token_request(self) -> None:
        """Check client, token and scope."""
        try:
            super().validate_token_request()
        except InvalidScopeError as error:
            self._take_back()
            raise self._refuse_scope() from error
        credential: RotatedToken | IssuedToken = self.request.refresh_token
        if isinstance(credential, IssuedToken):
            raise self._explain(credential)
        self.request.kept_grant = credential.grant

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """Sign everything."""
        try:
            answer: tuple[int, dict[str, Any], list[tuple[str, str]]]
            answer = super().create_token_response()
        except Exception:
            self._take_back()
            raise
        return answer

    def authenticate_refresh_token(self, refresh_token: str) -> RotatedToken | IssuedToken:
        """Return the token, used up now; or as it is, where it cannot be, if it is ours at all."""
        presented = read_refresh_token(self.provider.secret_keys, refresh_token)
        if presented is None:
            raise _refuse_unknown()
        self.presented = presented
        rotated = self.request.uow.grants.rotate_refresh(
            presented.grant_id,
            client_id=self.request.client.get_client_id(),
            generation=presented.generation,
            now=self.request.now,
        )
        if rotated:
            self.has_rotated = True
            return RotatedToken(rotated)
        found = self.request.uow.subjects.find_with_grant(presented.grant_id)
        if found is None:
            raise _refuse_unknown()
        return as_refresh_token(presented, *found)

    def authenticate_user(self, refresh_token: RotatedToken) -> str:
        """Return whose it is: the rotation found an account that may sign in."""
        return refresh_token.grant.sub

    def revoke_old_credential(self, refresh_token: RotatedToken) -> None:
        """Revoke nothing: moving to the next generation has made the old token a used one."""

    def _take_back(self) -> None:
        if self.has_rotated:
            self.request.uow.grants.take_back_rotation(
                self.presented.grant_id, generation=self.presented.generation
            )

    def _refuse_scope(self) -> ProtocolError:
        scope = str(self.request.payload.scope)
        description = "scope asks for more than the refresh_token is good for."
        return ProtocolError(
            "invalid_scope", description, reason="scope_not_granted", details={"scope": scope}
        )

    def _explain(self, token: IssuedToken) -> ProtocolError:
        """Say why a token of ours could not be rotated: the loser of a race is a valid replay."""
        grant, generation = token.grant, self.presented.generation
        if generation > grant.refresh_generation:
            return _refuse_unknown()
        if generation == grant.refresh_generation:
            if grant.revoked_at is not None:
                return refuse_grant("refresh_token was revoked.", reason="grant_revoked")
            if self.request.now >= grant.expires_at:
                return refuse_grant("refresh_token has expired.", reason="refresh_expired")
            if not token.subject.may_sign_in:
                return refuse_grant("The account may not sign in.", reason="account_disabled")
        self.request.uow.grants.revoke(grant.id, self.request.now)
        return refuse_grant("refresh_token was used before.", reason="refresh_replayed")


def _refuse_unknown() -> ProtocolError:
    return refuse_grant("refresh_token is unknown.", reason="refresh_unknown")
