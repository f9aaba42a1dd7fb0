"""The pushed authorization request endpoint (RFC 9126)."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from idp.protocol.errors import ProtocolError
from idp.web.context import current
from idp.web.endpoints.answers import tell_fault
from idp.web.endpoints.parameters import read_exchange

blueprint = Blueprint("par", __name__)
blueprint.register_error_handler(ProtocolError, tell_fault)


@blueprint.post("/par")
def push_request() -> ResponseReturnValue:
    """Keep a request that the browser will only name."""
    return current.services.protocol.push(read_exchange())
