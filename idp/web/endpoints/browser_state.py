"""The cookie that tells relying parties' frames whether the session changed.

OpenID Connect Session Management 1.0, 3.2: read by a script of ours in a frame of another site,
hence neither HttpOnly nor SameSite=Lax. It holds a MAC of the session's public name, worth nothing
to whoever reads it.
"""

from flask import Response, request

from idp.protocol.session_state import browser_state_of
from idp.web.context import current


def remember_browser_state(response: Response) -> Response:
    """Send the state of the session at hand, unless the browser has it."""
    session = current.session
    if session is None:
        return response
    state = browser_state_of(current.services.secret_keys, session.sid)
    if request.cookies.get(cookie_name()) != state:
        response.set_cookie(
            cookie_name(), state, secure=_is_secure(), samesite=_same_site(), path="/"
        )
    return response


def forget_browser_state(response: Response) -> Response:
    """Make the browser forget it: the session ended. An answer may send the next one's instead."""
    if cookie_name() in request.cookies and not _sends_state(response):
        response.delete_cookie(cookie_name(), secure=_is_secure(), samesite=_same_site(), path="/")
    return response


def cookie_name() -> str:
    """Return the name that the frame's script looks for."""
    return "__Host-state" if _is_secure() else "state"


def _sends_state(response: Response) -> bool:
    sent = response.headers.getlist("Set-Cookie")
    return any(cookie.startswith(f"{cookie_name()}=") for cookie in sent)


def _same_site() -> str:
    """SameSite=None needs Secure, which a loopback http issuer lacks."""
    return "None" if _is_secure() else "Lax"


def _is_secure() -> bool:
    return bool(current.services.settings.is_secure)
