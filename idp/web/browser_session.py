"""Starting and ending a session in the browser: the cookies that a login and a logout leave."""

from flask import Response

from idp.accounts.sessions import OpenedSession
from idp.web.context import RequestContext, current
from idp.web.cookies import drop_cookie, read_cookie, set_cookie
from idp.web.endpoints.browser_state import forget_browser_state


def send_login_cookies(response: Response, context: RequestContext) -> None:
    """Send the cookies of a session that began in this request, if one did, and of its device.

    An answer that failed afterwards brings them too, for the session before is gone. The sites'
    frames learn that it is another one (OpenID Connect Session Management 1.0).
    """
    login, before = context.new_login, context.session_before
    if login is None:
        return
    send_session_cookie(response, OpenedSession(login.session, login.session_secret))
    send_device_cookie(response, login.device_secret)
    if before is None or before.sid != login.session.sid:
        forget_browser_state(response)


def send_session_cookie(response: Response, opened: OpenedSession) -> Response:
    """Send the session's cookie; a shared computer's ends with the browser."""
    is_shared = opened.session.is_shared_computer
    lifetime = None if is_shared else current.services.settings.session.absolute_lifetime
    set_cookie(response, "session", opened.secret, lifetime=lifetime)
    return response


def send_device_cookie(response: Response, secret: str | None) -> Response:
    """Send the device cookie, unless there is nothing to remember."""
    if secret:
        lifetime = current.services.settings.lockout.known_device_lifetime
        set_cookie(response, "device", secret, lifetime=lifetime)
    return response


def forget_ended_session(response: Response) -> Response:
    """Make the browser forget its session where that is over, so that no page complains of it."""
    return forget_session(response) if has_ended_session() else response


def has_ended_session() -> bool:
    """Say whether the browser brings the cookie of a session that is over."""
    return read_cookie("session") is not None and current.session is None


def forget_session(response: Response) -> Response:
    """Make the browser forget a session that ended; it stays a known device.

    Only a cookie that came along: another site's request brings none, and ends nobody's session.
    """
    if read_cookie("session") is not None:
        drop_cookie(response, "session")
    return forget_browser_state(response)
