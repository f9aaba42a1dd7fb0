"""Links of mails: their token leaves the address bar at once, and the page still works in its tab.

So neither the history nor a Referer keeps it. The `flow` cookie carries it to the clean address,
where a hidden field takes over: a reload works, and so do two links in two tabs. Opening one
changes nothing, any number of times: mail scanners open links.
"""

from dataclasses import replace
from http import HTTPStatus
from typing import Literal

from flask import Response, request

from idp.accounts.links import LinkState
from idp.accounts.typed_text import normalize_token
from idp.web.browser_flow import keep_flow
from idp.web.context import current
from idp.web.redirects import go_to
from idp.web.rendering import render_page

LinkPurpose = Literal["activation", "reset", "email_change", "email_undo"]

_MAX_TOKEN_LENGTH = 64


def put_link_away(purpose: LinkPurpose, path: str) -> Response | None:
    """Answer the GET of a mail's link with the clean `path`; None where it carries no token."""
    if "token" not in request.args:
        return None
    token = normalize_token(request.args["token"])[:_MAX_TOKEN_LENGTH]
    return keep_browser_flow(go_to(path), purpose, token)


def keep_browser_flow(response: Response, purpose: str = "", token: str = "") -> Response:
    """Let the browser keep its flow, as long as a request may wait, and a link if one is named."""
    flow = replace(current.flow, door=purpose, token=token) if token else current.flow
    lifetime = current.services.settings.tokens.sealed_request_lifetime
    return keep_flow(response, flow, lifetime=lifetime)


def read_ticket(purpose: LinkPurpose) -> str:
    """Return the token of the link this tab is about, "" where it has none.

    The hidden field wins over the cookie, which another tab may have changed.
    """
    if "ticket" in request.form:
        return normalize_token(request.form["ticket"])
    return current.flow.token if current.flow.door == purpose else ""


def show_dead_link(purpose: LinkPurpose, state: LinkState | None) -> Response:
    """Show why a link no longer serves; one and the same page for whatever was never ours."""
    status = HTTPStatus.GONE if state else HTTPStatus.NOT_FOUND
    reason = state.value if state else "unknown"
    return render_page("link_dead.html", status, purpose=purpose, reason=reason)


def show_spent_codes() -> Response:
    """Show that too many wrong codes ended a reset."""
    return render_page("link_dead.html", HTTPStatus.GONE, purpose="reset", reason="codes")
