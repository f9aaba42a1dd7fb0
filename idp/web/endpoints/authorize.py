"""The authorization endpoint (OpenID Connect Core 3.1.2): where requests arrive and return.

A POST from another site carries no SameSite=Lax cookie: it is sealed and sent on as a GET, which
sees the session. Registration and consent lead back here with the request sealed; a login asks for
the answer at once.
"""

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from idp.protocol.authorization_request import AuthorizationRequest, ReceivedRequest
from idp.protocol.errors import ProtocolError, refuse_request
from idp.protocol.exchange import AuthorizationExchange
from idp.protocol.interaction import Consent, Create, Interaction, Login
from idp.web.context import current
from idp.web.endpoints.answers import show_answer, show_fault
from idp.web.endpoints.authorization_exchange import (
    build_exchange,
    make_request_id,
    receive_exchange,
)
from idp.web.endpoints.parameters import read_posted, read_query
from idp.web.errors import show_rush
from idp.web.redirects import go_to
from idp.web.sealed_request import RequestTooLongError, add_sealed_text, seal_request
from idp.web.waiting_request import find_entrance, find_waiting_request

blueprint = Blueprint("authorize", __name__)

_DISPATCHER = "/authorize"
_PAGES: Mapping[type[Login | Create | Consent], str] = {
    Login: "/connexion",
    Create: "/inscription",
    Consent: "/consentement",
}


@blueprint.route(_DISPATCHER, methods=["GET", "POST"])
def authorize() -> ResponseReturnValue:
    """Answer the request, or lead to what the practitioner must do first."""
    is_posted = request.method == "POST"
    try:
        sent = read_posted() if is_posted else read_query()
    except ProtocolError as error:
        return show_fault(error)
    if not is_posted and sent.keys() == {"request"}:
        return _resume(sent["request"])
    exchange = receive_exchange(sent)
    return _forward(exchange) if is_posted else _answer(exchange)


def _resume(sealed_text: str) -> ResponseReturnValue:
    """Go on with a request that a page carried; one that its site forgot begins again there."""
    waiting = find_waiting_request(sealed_text)
    if waiting is None:
        return show_fault(refuse_request("The request is not ours.", reason="seal_broken"))
    if waiting.is_stale and (entrance := find_entrance(waiting.client)):
        return go_to(entrance)
    if waiting.received is None:
        return go_to(add_sealed_text("/connexion", sealed_text))
    return answer_waiting(waiting.received)


def answer_waiting(received: ReceivedRequest) -> Response:
    """Answer a request that waited behind a page of ours, or lead to what comes next."""
    return _answer(build_exchange(received))


def _answer(exchange: AuthorizationExchange) -> Response:
    outcome = current.services.protocol.answer_authorization_request(exchange, current.session)
    if not isinstance(outcome, Interaction):
        return show_answer(outcome)
    if _is_turned_away(outcome.step):
        return show_rush()
    page = _PAGES[type(outcome.step)]
    return _send_on(page, exchange, outcome.request, was_answered=outcome.was_answered)


def _is_turned_away(step: Login | Create | Consent) -> bool:
    """Whether somebody who arrives would type a password in vain; a form was let in before."""
    is_arriving = isinstance(step, Login) and request.method == "GET"
    return is_arriving and current.services.tools.hasher.slots.turns_away()


def _forward(exchange: AuthorizationExchange) -> ResponseReturnValue:
    outcome = current.services.protocol.read_authorization_request(exchange)
    if not isinstance(outcome, AuthorizationRequest):
        return show_answer(outcome)
    return _send_on(_DISPATCHER, exchange, outcome)


def _send_on(
    path: str,
    exchange: AuthorizationExchange,
    checked: AuthorizationRequest,
    *,
    was_answered: bool = False,
) -> Response:
    """Lead to an address of ours that carries the request, under a new id if it was answered."""
    received = checked.received
    if was_answered:
        received = replace(received, request_id=make_request_id())
    try:
        sealed_text = seal_request(received)
    except RequestTooLongError:
        error = refuse_request("The request is too long.", reason="request_too_long")
        error.client_id, error.reply_to = checked.client.client_id, checked.reply_to
        return show_answer(current.services.protocol.tell_fault(exchange, error))
    return go_to(add_sealed_text(path, sealed_text))
