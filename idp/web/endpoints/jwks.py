"""The public keys (RFC 7517 5): next, active and retired ones."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from idp.web.context import current
from idp.web.endpoints.cacheable import answer_public

blueprint = Blueprint("jwks", __name__)


@blueprint.get("/jwks.json")
def list_keys() -> ResponseReturnValue:
    """Return every key that relying parties may need."""
    return answer_public(current.services.protocol.provider.read_ring().jwks(current.now))
