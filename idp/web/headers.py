"""The headers of every answer (OWASP Secure Headers; the exceptions are set by their views).

A view that needs more says so: `current.form_action_origins` (Chromium checks `form-action`
against the redirects of a POST as well), `current.frame_sources` (front-channel logout), or a
header of its own, which is left as it is.
"""

from collections.abc import Iterator

from flask import Response

from idp.web.context import RequestContext

_FIXED = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin-allow-popups"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("X-Frame-Options", "DENY"),
    ("Cache-Control", "no-store"),
)
_NO_PAGE_POLICY = "default-src 'none'; frame-ancestors 'none'"
_HSTS = "max-age=63072000; includeSubDomains"


def protect_response(response: Response, context: RequestContext) -> Response:
    """Add what is missing of the security headers."""
    headers = response.headers
    present = {name.lower() for name, _ in headers}
    for name, value in _list_headers(response, context):
        if name.lower() not in present:
            headers.add(name, value)
    return response


def _list_headers(response: Response, context: RequestContext) -> Iterator[tuple[str, str]]:
    yield from _FIXED
    is_page = response.mimetype == "text/html"
    yield "Content-Security-Policy", _page_policy(context) if is_page else _NO_PAGE_POLICY
    yield "X-Request-ID", context.request_id
    if context.services.settings.is_secure:
        yield "Strict-Transport-Security", _HSTS


def _page_policy(context: RequestContext) -> str:
    nonce = f"'nonce-{context.csp_nonce}'"
    actions = " ".join(["'self'", *context.form_action_origins])
    frames = " ".join(context.frame_sources) or "'none'"
    return (
        f"default-src 'none'; script-src {nonce}; style-src {nonce}; img-src 'self'; "
        f"connect-src 'self'; form-action {actions}; frame-src {frames}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
