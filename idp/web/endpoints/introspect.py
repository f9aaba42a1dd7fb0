"""The introspection endpoint (RFC 7662)."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from idp.protocol.errors import ProtocolError
from idp.web.context import current
from idp.web.endpoints.answers import tell_fault
from idp.web.endpoints.parameters import read_exchange

blueprint = Blueprint("introspect", __name__)
blueprint.register_error_handler(ProtocolError, tell_fault)


@blueprint.post("/introspect")
def introspect_token() -> ResponseReturnValue:
    """Tell a client about a token of its own."""
    return current.services.protocol.introspect(read_exchange())
