"""The userinfo endpoint (OpenID Connect Core 5.3)."""

from flask import Blueprint, Response, json, request
from flask.typing import ResponseReturnValue

from idp.protocol.errors import ProtocolError
from idp.protocol.exchange import Exchange
from idp.protocol.userinfo import answer_userinfo
from idp.web.context import current
from idp.web.endpoints.answers import tell_fault
from idp.web.endpoints.cors import allow_public_client, answer_preflight
from idp.web.endpoints.parameters import read_posted

blueprint = Blueprint("userinfo", __name__)
blueprint.register_error_handler(ProtocolError, tell_fault)


@blueprint.route("/userinfo", methods=["GET", "POST"], provide_automatic_options=False)
def tell_claims() -> ResponseReturnValue:
    """Tell the claims that the access token is good for; one in the address is ignored."""
    is_form = request.method == "POST" and bool(request.content_length)
    exchange = Exchange(
        uow=current.uow,
        now=current.now,
        method=request.method,
        parameters=read_posted() if is_form else {},
        authorization=request.headers.get("Authorization"),
    )
    info = answer_userinfo(exchange, current.services.protocol.provider)
    if info.signed is not None:
        response = Response(info.signed, mimetype="application/jwt")
    else:
        response = Response(json.dumps(info.claims), mimetype="application/json")
    return allow_public_client(response, info.client_id)


@blueprint.route("/userinfo", methods=["OPTIONS"])
def preflight() -> ResponseReturnValue:
    """Tell a browser whether pages of its origin may ask."""
    return answer_preflight("GET", "POST")
