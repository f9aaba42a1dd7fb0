"""The `session_state` of an answer, for clients that watch it through the iframe.

OpenID Connect Session Management 1.0, sections 3.2 and 4.2: a salted hash of client, origin and
the state of the browser, which a cookie that scripts can read holds. That state is derived from
the session, so signing out or in again changes it; the iframe computes the same hash.
"""

from idp.protocol.authorization_request import AuthorizationRequest
from idp.protocol.ports import SignedIn
from idp.protocol.provider import Provider
from idp.protocol.redirect_uris import origin_of
from idp.secret_values import SecretKeys, digest, random_token


def browser_state_of(keys: SecretKeys, sid: str) -> str:
    """Return the public state of a browser that holds this session."""
    return keys.mac("browser state", sid)


def build_session_state(
    provider: Provider, request: AuthorizationRequest, session: SignedIn
) -> str:
    """Return the hash the client will have its iframe compare, and the salt."""
    origin = origin_of(request.reply_to.redirect_uri)
    salt = random_token(12)
    state = browser_state_of(provider.secret_keys, session.sid)
    return f"{digest(f'{request.client.client_id} {origin} {state} {salt}')}.{salt}"
