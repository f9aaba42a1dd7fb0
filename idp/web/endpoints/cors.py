"""Which pages of other origins may read our answers (attack case C115).

Discovery and keys are for everybody. Tokens and userinfo are for the origins that a public client
registered: a confidential client has no business in a browser. Cookies are never allowed along.
"""

from flask import Response, request

from idp.web.context import current

_MAX_AGE_SECONDS = "600"


def allow_everybody(response: Response) -> Response:
    """Let pages of any origin read this answer."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def allow_public_client(response: Response, client_id: str) -> Response:
    """Let the page at hand read this answer, if its origin is registered by this public client."""
    origin = request.headers.get("Origin")
    client = current.services.clients.find(client_id) if origin and client_id else None
    if origin and client and client.is_public and origin in client.allowed_origins:
        _allow(response, origin)
    response.headers["Vary"] = "Origin"
    return response


def answer_preflight(*methods: str) -> Response:
    """Answer a browser that asks first: which client it is about is not known yet (Fetch 4.8)."""
    response = Response(status=204)
    origin = request.headers.get("Origin", "")
    if any(
        client.is_public and origin in client.allowed_origins
        for client in current.uow.clients.find_all()
    ):
        _allow(response, origin)
        response.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response.headers["Access-Control-Max-Age"] = _MAX_AGE_SECONDS
    response.headers["Vary"] = "Origin"
    return response


def _allow(response: Response, origin: str) -> None:
    response.headers["Access-Control-Allow-Origin"] = origin
