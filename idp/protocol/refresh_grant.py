"""The refresh token grant (RFC 6749 6): each token is good once, its reuse is a theft."""

from authlib.oauth2.rfc6749 import InvalidScopeError
from authlib.oauth2.rfc6749.grants import RefreshTokenGrant

from idp.protocol.adapters import IssuedToken, RotatedToken
from idp.protocol.errors import ProtocolError, refuse_grant
from idp.protocol.issued_tokens import as_refresh_token
from idp.protocol.refresh_token import RefreshToken, read_refresh_token
from idp.protocol.token_response import MintsTokens
from idp.protocol.vocabulary import ACCESS_TOKEN_ALGORITHM


class RefreshGrant(MintsTokens, RefreshTokenGrant):
    """Authlib's grant; one conditional update rotates and reads, before anything is signed.

    A refusal uses nothing up: keys are looked for before, and a token whose scope may be too wide
    is read before it is rotated. So is one that cannot be rotated, to tell why not.
    """

    INCLUDE_NEW_REFRESH_TOKEN = True
    presented: RefreshToken

    @property
    def next_generation(self) -> int:
        """The number of the refresh token that this exchange gives."""
        return self.presented.generation + 1

    def validate_token_request(self) -> None:
        """Check client, token and scope, and use the token up."""
        try:
            super().validate_token_request()
        except InvalidScopeError as error:
            raise self._refuse_scope() from error
        credential: RotatedToken | IssuedToken = self.request.refresh_token
        rotated = credential if isinstance(credential, RotatedToken) else self._rotate()
        if rotated is None:
            raise self._explain(credential)
        self.request.refresh_token, self.request.kept_grant = rotated, rotated.grant

    def authenticate_refresh_token(self, refresh_token: str) -> RotatedToken | IssuedToken:
        """Return the token, used up where nothing can be wrong with the request any more."""
        presented = read_refresh_token(self.provider.secret_keys, refresh_token)
        if presented is None:
            raise _refuse_unknown()
        self.presented = presented
        self._find_keys()
        asks_for_less = bool(self.request.payload.scope)
        return (None if asks_for_less else self._rotate()) or self._read()

    def authenticate_user(self, refresh_token: RotatedToken) -> str:
        """Return whose it is: the rotation found an account that may sign in."""
        return refresh_token.grant.sub

    def revoke_old_credential(self, refresh_token: RotatedToken) -> None:
        """Revoke nothing: moving to the next generation has made the old token a used one."""

    def _find_keys(self) -> None:
        """Refuse now where the tokens could not be signed later."""
        client = self.request.client.record
        for algorithm in (ACCESS_TOKEN_ALGORITHM, client.id_token_signed_response_alg):
            self.provider.find_kid(client, algorithm, self.request.now)

    def _rotate(self) -> RotatedToken | None:
        rotated = self.request.uow.grants.rotate_refresh(
            self.presented.grant_id,
            client_id=self.request.client.get_client_id(),
            generation=self.presented.generation,
            now=self.request.now,
        )
        return RotatedToken(rotated) if rotated else None

    def _read(self) -> IssuedToken:
        found = self.request.uow.subjects.find_with_grant(self.presented.grant_id)
        if found is None:
            raise _refuse_unknown()
        return as_refresh_token(self.presented, *found)

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
