"""RP-initiated logout: what a request proves, and where the practitioner may go afterwards.

An ID token of ours for that client and this very session is proof enough, however old: nobody is
asked. Anything else could be an image on somebody's page: the practitioner is asked, and stays
(OpenID Connect RP-Initiated Logout 1.0).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from idp.protocol.client import Client
from idp.protocol.ports import SignedIn
from idp.protocol.provider import Provider
from idp.protocol.redirect_uris import add_query


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutRequest:
    """Who asks, whether it is proved, and the way back, registered, if there is one."""

    client: Client | None
    is_proved: bool
    return_uri: str | None


def read_logout_request(
    parameters: Mapping[str, str],
    session: SignedIn | None,
    *,
    provider: Provider,
    now: datetime,
) -> LogoutRequest:
    """Return what the parameters of a logout request are worth."""
    hint_text, client_id = parameters.get("id_token_hint"), parameters.get("client_id")
    hint = provider.read_id_token(hint_text, now) if hint_text else None
    if hint and client_id not in {None, hint["aud"]}:
        hint = None
    client = provider.clients.find(hint["aud"] if hint else client_id or "")
    return_uri = _find_return_uri(parameters, client) if hint else None
    is_lost = return_uri is None and "post_logout_redirect_uri" in parameters
    is_of_session = bool(hint and session and hint.get("sid") == session.sid)
    return LogoutRequest(
        client=client, is_proved=is_of_session and not is_lost, return_uri=return_uri
    )


def list_frontchannel_uris(clients: Sequence[Client], *, sid: str, issuer: str) -> tuple[str, ...]:
    """Return the addresses that tell clients in frames (Front-Channel Logout 1.0, 3)."""
    return tuple(
        add_query(client.frontchannel_logout_uri, {"iss": issuer, "sid": sid})
        if client.frontchannel_logout_session_required
        else client.frontchannel_logout_uri
        for client in clients
        if client.frontchannel_logout_uri
    )


def _find_return_uri(parameters: Mapping[str, str], client: Client | None) -> str | None:
    uri = parameters.get("post_logout_redirect_uri")
    if uri is None or client is None or uri not in client.post_logout_redirect_uris:
        return None
    state = parameters.get("state")
    return uri if state is None else add_query(uri, {"state": state})
