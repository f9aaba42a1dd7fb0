"""The token endpoint (OpenID Connect Core 3.1.3, 12)."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from idp.protocol.errors import ProtocolError
from idp.web.context import current
from idp.web.endpoints.answers import tell_fault
from idp.web.endpoints.cors import allow_public_client, answer_preflight
from idp.web.endpoints.parameters import read_exchange

blueprint = Blueprint("token", __name__)
blueprint.register_error_handler(ProtocolError, tell_fault)


@blueprint.post("/token", provide_automatic_options=False)
def issue_token() -> ResponseReturnValue:
    """Give tokens for an authorization code or a refresh token."""
    exchange = read_exchange()
    response = current.services.protocol.create_token_response(exchange)
    return allow_public_client(response, exchange.parameters.get("client_id", ""))


@blueprint.route("/token", methods=["OPTIONS"])
def preflight() -> ResponseReturnValue:
    """Tell a browser whether pages of its origin may ask."""
    return answer_preflight("POST")
