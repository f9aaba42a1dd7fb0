"""Going on to another page."""

from flask import Response, make_response, redirect


def go_to(address: str) -> Response:
    """Answer 303: whatever was posted is not posted again, there or on a reload (RFC 9110 15.4.4)."""
    return make_response(redirect(address, 303))
