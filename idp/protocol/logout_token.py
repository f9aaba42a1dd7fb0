"""Logout tokens (OpenID Connect Back-Channel Logout 1.0, 2.4): one made for each delivery."""

from datetime import datetime, timedelta

from idp.protocol.client import Client
from idp.protocol.provider import Provider
from idp.protocol.vocabulary import BACKCHANNEL_LOGOUT_EVENT, LOGOUT_TOKEN_TYPE
from idp.secret_values import random_token

_LIFETIME = timedelta(minutes=2)


class LogoutTokens:
    """Signs logout tokens; called by what delivers them, with the time of the delivery."""

    def __init__(self, provider: Provider) -> None:
        """Take the issuer to sign for."""
        self._provider = provider

    def __call__(self, client: Client, *, sub: str, sid: str, now: datetime) -> str:
        """Return the token that tells `client` that the session `sid` of `sub` is over."""
        issued_at = int(now.timestamp())
        claims = {
            "iss": self._provider.issuer,
            "sub": self._provider.subject_for(client, sub),
            "aud": client.client_id,
            "iat": issued_at,
            "exp": issued_at + int(_LIFETIME.total_seconds()),
            "jti": random_token(16),
            "sid": sid,
            "events": {BACKCHANNEL_LOGOUT_EVENT: {}},
        }
        return self._provider.sign_for(
            client,
            claims,
            algorithm=client.id_token_signed_response_alg,
            typ=LOGOUT_TOKEN_TYPE,
            now=now,
        )
