"""The headers of every answer (OWASP Secure Headers; the exceptions are set by their views).

A view that needs more says so: `current.form_action_origins` (Chromium checks `form-action`
against the redirects of a POST as well), `current.frame_sources` (front-channel logout), or a
header of its own, which is left as it is.
"""

from flask import Response

from idp.web.context import current

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
_NO_PAGE_POLICY = "default-src 'none'; frame-ancestors 'none'"
_HSTS = "max-age=63072000; includeSubDomains"


def protect_response(response: Response) -> Response:
    """Add what is missing of the security headers."""
    headers = response.headers
    for name, value in _FIXED.items():
        if name not in headers:
            headers[name] = value
    if "Content-Security-Policy" not in headers:
        is_page = response.mimetype == "text/html"
        headers["Content-Security-Policy"] = _page_policy() if is_page else _NO_PAGE_POLICY
    if current.services.settings.is_secure:
        headers["Strict-Transport-Security"] = _HSTS
    headers["X-Request-ID"] = current.request_id
    return response


def _page_policy() -> str:
    nonce = f"'nonce-{current.csp_nonce}'"
    actions = " ".join(["'self'", *current.form_action_origins])
    frames = " ".join(current.frame_sources) or "'none'"
    return (
        f"default-src 'none'; script-src {nonce}; style-src {nonce}; img-src 'self'; "
        f"connect-src 'self'; form-action {actions}; frame-src {frames}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
