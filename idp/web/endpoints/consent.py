"""Consent (OpenID Connect Core 3.1.2.4): what a site asks to know, agreed to or not.

It returns to the authorization endpoint either way; agreeing is remembered for the scopes asked,
and names the request, which `prompt=consent` demands.
"""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from idp.accounts.session import Session
from idp.protocol.authorization_request import AuthorizationRequest
from idp.protocol.interaction import is_public_loopback, list_asked_scopes
from idp.protocol.redirect_uris import host_of
from idp.web.context import current
from idp.web.csrf import is_genuine_post
from idp.web.endpoints.answers import show_answer
from idp.web.endpoints.authorization_exchange import build_exchange
from idp.web.french import write_finess
from idp.web.redirects import go_to
from idp.web.rendering import render_page
from idp.web.sealed_request import add_sealed_text, read_sealed_text
from idp.web.waiting_request import find_waiting_request, let_forms_lead_to_site

blueprint = Blueprint("consent", __name__)


@blueprint.get("/consentement")
def ask() -> ResponseReturnValue:
    """Show what the site asks to know."""
    return _with_request(_show)


@blueprint.post("/consentement")
def answer() -> ResponseReturnValue:
    """Remember the agreement, or tell the site that there is none."""
    return _with_request(_take_answer)


def _with_request(act: Callable[[AuthorizationRequest, Session], Response]) -> Response:
    """Act on the request that waits; where none does, or nobody is signed in, lead elsewhere."""
    text = read_sealed_text()
    waiting = find_waiting_request(text)
    if waiting is None or waiting.received is None:
        return go_to(add_sealed_text("/authorize", text))
    if current.session is None:
        return go_to(add_sealed_text("/connexion", text))
    checked = current.services.protocol.read_authorization_request(build_exchange(waiting.received))
    if not isinstance(checked, AuthorizationRequest):
        return show_answer(checked)
    return act(checked, current.session)


def _show(asked: AuthorizationRequest, session: Session, *, status: int = 200) -> Response:
    let_forms_lead_to_site(read_sealed_text())
    subject = current.uow.subjects.find(session.sub)
    return render_page(
        "consent.html",
        status,
        client_name=asked.client.name,
        client_logo=asked.client.logo,
        client_host=host_of(asked.reply_to.redirect_uri),
        scopes=list_asked_scopes(asked),
        finess=write_finess(subject.finess) if subject else "",
        public_loopback=is_public_loopback(asked),
        sid=session.sid,
        is_asked_again=status != HTTPStatus.OK,
    )


def _take_answer(asked: AuthorizationRequest, session: Session) -> Response:
    is_same_session = request.form.get("sid") == session.sid
    if not is_same_session or not is_genuine_post():
        return _show(asked, session, status=403)
    if request.form.get("answer") != "accept":
        return show_answer(current.services.protocol.refuse_consent(asked))
    current.uow.consents.remember(
        session.sub,
        asked.client.client_id,
        frozenset(list_asked_scopes(asked)),
        request_id=asked.request_id,
        now=current.now,
    )
    return go_to(add_sealed_text("/authorize", read_sealed_text()))
