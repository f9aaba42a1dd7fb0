"""The revocation endpoint (RFC 7009)."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from idp.protocol.errors import ProtocolError
from idp.web.context import current
from idp.web.endpoints.answers import tell_fault
from idp.web.endpoints.cors import allow_public_client, answer_preflight
from idp.web.endpoints.parameters import read_exchange

blueprint = Blueprint("revoke", __name__)
blueprint.register_error_handler(ProtocolError, tell_fault)


@blueprint.post("/revoke", provide_automatic_options=False)
def revoke_token() -> ResponseReturnValue:
    """Revoke a token, and with it everything given along with it."""
    exchange = read_exchange()
    response = current.services.protocol.revoke(exchange)
    return allow_public_client(response, exchange.parameters.get("client_id", ""))


@blueprint.route("/revoke", methods=["OPTIONS"])
def preflight() -> ResponseReturnValue:
    """Tell a browser whether pages of its origin may ask."""
    return answer_preflight("POST")
