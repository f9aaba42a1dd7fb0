"""The secrets of a client: 256 bits, shown once, kept as digests, two alive while rotating."""

from dataclasses import replace
from datetime import datetime, timedelta

from idp.protocol.client import AuthMethod, Client, ClientSecret
from idp.secret_values import digest, random_token

MAX_SECRETS = 2


def uses_secret(client: Client) -> bool:
    """Whether the client proves who it is by a secret."""
    return client.token_endpoint_auth_method in {AuthMethod.BASIC, AuthMethod.POST}


def rotate_secret(client: Client, now: datetime, *, overlap: timedelta) -> tuple[Client, str]:
    """Return the record with a new secret, and the secret itself.

    The latest of the old ones stays good for `overlap`; any other ends now.
    """
    secret = random_token()
    new = ClientSecret(digest=digest(secret), created_at=now)
    living = [kept for kept in client.secrets if kept.is_alive(now)]
    latest = max(living, key=lambda kept: kept.created_at, default=None)
    if latest is None or overlap <= timedelta():
        return replace(client, secrets=(new,)), secret
    old = replace(latest, expires_at=min(latest.expires_at or now + overlap, now + overlap))
    return replace(client, secrets=(new, old)), secret
