"""Access tokens: signed, minutes long, naming their grant (RFC 9068). None is kept anywhere."""

from datetime import datetime

from idp import secret_values
from idp.protocol.client import Client
from idp.protocol.grant import Grant
from idp.protocol.provider import Provider
from idp.protocol.vocabulary import ACCESS_TOKEN_ALGORITHM, ACCESS_TOKEN_TYPE, ACR_PASSWORD


def sign_access_token(
    provider: Provider, client: Client, grant: Grant, *, scope: str, now: datetime
) -> tuple[str, int]:
    """Return an access token for this grant, and for how many seconds it is good."""
    lifetime = client.access_token_lifetime or provider.lifetimes.access_lifetime
    seconds = int(lifetime.total_seconds())
    issued_at = int(now.timestamp())
    claims = {
        "iss": provider.issuer,
        "sub": provider.subject_for(client, grant.sub),
        "aud": provider.issuer,
        "client_id": client.client_id,
        "scope": scope,
        "iat": issued_at,
        "exp": issued_at + seconds,
        "jti": secret_values.random_token(16),
        "auth_time": int(grant.authenticated_at.timestamp()),
        "acr": ACR_PASSWORD,
        "grant_id": grant.id,
    }
    token = provider.sign_for(
        client, claims, algorithm=ACCESS_TOKEN_ALGORITHM, typ=ACCESS_TOKEN_TYPE, now=now
    )
    return token, seconds
