"""The provider's cookies: session, csrf, flow, device.

`__Host-`, Secure, HttpOnly, SameSite=Lax, Path=/ and no Domain (RFC 6265bis 4.1.3.2). Only a
loopback http issuer goes without the prefix and Secure, since a browser would drop them there.
"""

from datetime import timedelta
from typing import Literal

from flask import Response, current_app, request

CookieName = Literal["session", "csrf", "flow", "device"]

_MAX_LENGTH = 256


def read_cookie(name: CookieName) -> str | None:
    """Return the cookie's value, None where it is missing, empty or longer than any of ours."""
    value = request.cookies.get(_full_name(name))
    return value if value and len(value) <= _MAX_LENGTH else None


def set_cookie(
    response: Response, name: CookieName, value: str, *, lifetime: timedelta | None = None
) -> None:
    """Set a cookie; without a lifetime it ends with the browser."""
    response.set_cookie(
        _full_name(name),
        value,
        max_age=lifetime,
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def drop_cookie(response: Response, name: CookieName) -> None:
    """Make the browser forget a cookie."""
    response.delete_cookie(
        _full_name(name), secure=_is_secure(), httponly=True, samesite="Lax", path="/"
    )


def _full_name(name: CookieName) -> str:
    return f"__Host-{name}" if _is_secure() else name


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
