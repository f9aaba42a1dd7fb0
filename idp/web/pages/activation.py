"""Activation: the mail's link shows a button, and the button activates."""

from flask import Blueprint, Response, request

from idp.accounts import activation
from idp.accounts.activation import Activated
from idp.accounts.links import LinkState
from idp.accounts.mails import LINK_PATHS, LinkMail
from idp.web.context import current
from idp.web.csrf import is_genuine_post
from idp.web.mailed_links import put_link_away, read_ticket, show_dead_link
from idp.web.redirects import build_address, go_to
from idp.web.refusals import EXPIRED, FRESH, FormStatus, render_form
from idp.web.rendering import render_page
from idp.web.sealed_request import read_sealed_text
from idp.web.waiting_request import find_entrance, find_waiting_request

blueprint = Blueprint("activation", __name__)

_PATH = LINK_PATHS[LinkMail.ACTIVATION]
_DONE_PATH = f"{_PATH}/terminee"


@blueprint.get(_PATH)
def show() -> Response:
    """Ask for the one gesture that activates, or say what became of the link."""
    return put_link_away("activation", _PATH) or _show_page(FRESH)


@blueprint.post(_PATH)
def activate() -> Response:
    """Activate the account; nobody is signed in by it."""
    if not is_genuine_post():
        return _show_page(EXPIRED)
    outcome = activation.activate(current.visit, read_ticket("activation"))
    if not isinstance(outcome, Activated):
        return show_dead_link("activation", outcome.state)
    return go_to(_find_way_on(outcome))


@blueprint.get(_DONE_PATH)
def show_done() -> Response:
    """Show that the account can be used, and lead to the login: here, or by way of the site."""
    login_url = build_address("/connexion", request=read_sealed_text())
    if client_id := request.args.get("site"):
        client = current.services.clients.find(client_id)
        entrance = find_entrance(client) if client else None
        login_url = entrance or current.services.settings.pages.home_url
    return render_page("activation_done.html", login_url=login_url)


def _find_way_on(activated: Activated) -> str:
    """Let the browser that registered go on with its request; another one only learns the site."""
    text = activated.sealed_request
    if activated.is_same_browser:
        return build_address(_DONE_PATH, request=text)
    waiting = find_waiting_request(text)
    return build_address(_DONE_PATH, site=waiting.client.client_id if waiting else "")


def _show_page(status: FormStatus) -> Response:
    ticket = read_ticket("activation")
    state = activation.look_at_activation(current.visit, ticket)
    if state is not LinkState.USABLE:
        return show_dead_link("activation", state)
    return render_form("activation.html", status, ticket=ticket)
