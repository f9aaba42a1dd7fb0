"""Going on to another page."""

from urllib.parse import urlencode

from flask import Response, make_response, redirect


def go_to(address: str) -> Response:
    """Answer 303 (RFC 9110 15.4.4): what was posted is not posted again, there or on a reload."""
    return make_response(redirect(address, 303))


def build_address(path: str, **parameters: str) -> str:
    """Return an address of ours with its query; parameters that are empty are left out."""
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"{path}?{query}" if query else path
