"""The logout endpoint (RP-Initiated Logout 1.0), which also tells the other sites in frames.

Back-channel notices leave through the outbox, written as the session ends: nobody waits for them.
"""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from idp.audit_events import Event
from idp.protocol.end_session import LogoutRequest, list_frontchannel_uris, read_logout_request
from idp.protocol.errors import ProtocolError
from idp.protocol.redirect_uris import add_query, csp_source_of
from idp.web.browser_session import forget_session
from idp.web.context import current
from idp.web.csrf import is_genuine_post
from idp.web.endpoints.answers import show_fault
from idp.web.endpoints.parameters import read_posted, read_query
from idp.web.redirects import go_to
from idp.web.rendering import render_page

blueprint = Blueprint("end_session", __name__)
blueprint.register_error_handler(ProtocolError, show_fault)

_PATH = "/end_session"
_PARAMETERS = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state")


@blueprint.get(_PATH)
def ask_to_end() -> ResponseReturnValue:
    """End the session where the request proves that it is meant, else ask."""
    parameters = _select(read_query())
    logout = _read(parameters)
    if current.session is None or logout.is_proved:
        return _end(logout)
    return _ask(parameters, logout)


@blueprint.post(_PATH)
def end() -> ResponseReturnValue:
    """End the session that the practitioner confirmed; another site's POST comes again as a GET.

    Such a POST carries no SameSite=Lax cookie, so the session is not seen before.
    """
    posted = read_posted()
    parameters = _select(posted)
    if posted.get("logout") != "confirm":
        return go_to(add_query(_PATH, parameters))
    logout = _read(parameters)
    if not is_genuine_post():
        return _ask(parameters, logout, status=403)
    return _end(logout)


def _select(sent: Mapping[str, str]) -> dict[str, str]:
    return {name: sent[name] for name in _PARAMETERS if name in sent}


def _read(parameters: Mapping[str, str]) -> LogoutRequest:
    provider = current.services.protocol.provider
    return read_logout_request(parameters, current.session, provider=provider, now=current.now)


def _ask(parameters: Mapping[str, str], logout: LogoutRequest, *, status: int = 200) -> Response:
    if logout.return_uri is not None:
        current.form_action_origins.append(csp_source_of(logout.return_uri))
    return render_page(
        "logout.html",
        status,
        client_name=logout.client.name if logout.client else None,
        fields=parameters,
        is_asked_again=status != HTTPStatus.OK,
        stay_url=current.services.settings.pages.home_url,
        sealed_request="",
    )


def _end(logout: LogoutRequest) -> Response:
    frames = _end_session()
    if logout.return_uri is not None and not frames:
        response = go_to(logout.return_uri)
    else:
        current.frame_sources.extend(sorted({csp_source_of(uri) for uri in frames}))
        response = render_page(
            "logout_done.html",
            frames=frames,
            continue_url=logout.return_uri,
            client_name=logout.client.name if logout.client else None,
            sealed_request="",
        )
    return forget_session(response)


def _end_session() -> tuple[str, ...]:
    """End the session at hand, if any; return the addresses that tell its sites in frames."""
    session = current.session
    if session is None:
        return ()
    client_ids = current.uow.grants.find_client_ids(session.sid)
    found = [current.services.clients.find(client_id) for client_id in client_ids]
    current.uow.sessions.end(session.sid, current.now)
    finess = current.account.finess if current.account else None
    current.uow.audit.record(Event.SESSION_ENDED, finess=finess, sub=session.sub)
    return list_frontchannel_uris(
        [client for client in found if client],
        sid=session.sid,
        issuer=current.services.settings.issuer,
    )
