"""The site's side of back-channel logout (OpenID Connect Back-Channel Logout 1.0, 2.6)."""

from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from idp.clock import Clock

_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_ALGORITHMS = ["RS256"]


class LogoutTokenError(Exception):
    """The token is not a logout token of this provider for this site."""


class LogoutTokenReader:
    """Verifies logout tokens; `fetch_keys(force=True)` fetches the provider's keys anew."""

    def __init__(
        self, issuer: str, client_id: str, *, fetch_keys: Callable[..., Any], clock: Clock
    ) -> None:
        """Take who may have signed, and for whom."""
        self._issuer = issuer
        self._client_id = client_id
        self._fetch_keys = fetch_keys
        self._clock = clock

    def read(self, token: str) -> dict[str, Any]:
        """Return the claims of a logout token.

        Raises:
            LogoutTokenError: signature, issuer, audience, time or content are wrong.

        """
        try:
            claims = self._verify(token)
            self._check(claims)
        except (JoseError, ValueError) as error:
            raise LogoutTokenError(str(error)) from error
        return claims

    def _verify(self, token: str) -> dict[str, Any]:
        try:
            return self._decode(token, force=False)
        except InvalidKeyIdError:
            return self._decode(token, force=True)

    def _decode(self, token: str, *, force: bool) -> dict[str, Any]:
        keys = KeySet.import_key_set(self._fetch_keys(force=force))
        return jwt.decode(token, keys, algorithms=_ALGORITHMS).claims

    def _check(self, claims: dict[str, Any]) -> None:
        jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            leeway=60,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client_id},
            iat={"essential": True},
            exp={"essential": True},
            jti={"essential": True},
        ).validate(claims)
        if _EVENT not in claims.get("events", {}) or "nonce" in claims:
            raise ValueError("this is no logout token")
        if not (claims.get("sub") or claims.get("sid")):
            raise ValueError("it names nobody")
