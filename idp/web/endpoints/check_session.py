"""The frame that tells sites whether the session changed (Session Management 1.0, 3.3)."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from idp.web.context import current
from idp.web.endpoints.browser_state import cookie_name
from idp.web.rendering import render_page

blueprint = Blueprint("check_session", __name__)


@blueprint.get("/check_session")
def watch() -> ResponseReturnValue:
    """Answer the frame: the one page of ours that any site may frame.

    `frame-ancestors` makes browsers ignore X-Frame-Options (CSP Level 3, 6.4.2.1).
    """
    response = render_page("check_session.html", state_cookie=cookie_name(), sealed_request="")
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'nonce-{current.csp_nonce}'; base-uri 'none'; "
        "frame-ancestors *"
    )
    return response
