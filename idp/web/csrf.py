"""Cross-site request forgery: a token in each form, bound to a cookie of its own.

The cookie outlives sessions, so a form left open overnight still works. The token is an HMAC of
the cookie (OWASP, signed double submit): a page of another site can neither read nor make it.
Browsers also say where a request comes from; what they say must not contradict.
"""

from datetime import timedelta

from flask import Response, request

from idp import secret_values
from idp.web.context import RequestContext, current
from idp.web.cookies import read_cookie, set_cookie

_PURPOSE = "csrf"
_LIFETIME = timedelta(days=180)


def csrf_token() -> str:
    """Return the token for the forms of this answer, starting a cookie where there is none."""
    secret = read_cookie("csrf") or current.new_csrf_secret
    if secret is None:
        secret = current.new_csrf_secret = secret_values.random_token()
    return current.services.secret_keys.mac(_PURPOSE, secret)


def is_genuine_post() -> bool:
    """Say whether this POST comes from a form of ours in this very browser."""
    secret = read_cookie("csrf")
    token = request.form.get("csrf_token", "")
    if secret is None or not token or not _comes_from_here():
        return False
    return current.services.secret_keys.is_mac(token, _PURPOSE, secret)


def remember_csrf_secret(response: Response, context: RequestContext) -> None:
    """Send the cookie that this answer's forms are bound to, if it is new."""
    if context.new_csrf_secret:
        set_cookie(response, "csrf", context.new_csrf_secret, lifetime=_LIFETIME)


def _comes_from_here() -> bool:
    """Trust Sec-Fetch-Site where it is sent, else Origin ("null" says nothing either way)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin in {None, "null", current.services.settings.issuer}
