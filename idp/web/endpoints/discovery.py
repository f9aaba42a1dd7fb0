"""The discovery document, at both of its addresses (OpenID Connect Discovery 4, RFC 8414 3)."""

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from idp.web.context import current
from idp.web.endpoints.cacheable import answer_public

blueprint = Blueprint("discovery", __name__)


@blueprint.get("/.well-known/openid-configuration")
@blueprint.get("/.well-known/oauth-authorization-server")
def describe() -> ResponseReturnValue:
    """Say what this provider offers and where."""
    paths = (rule.rule for rule in current_app.url_map.iter_rules())
    return answer_public(current.services.protocol.describe(paths, current.now))
