"""Every blueprint but that of the health checks, which is made with what it checks."""

from collections.abc import Sequence

from flask import Blueprint

from idp.web.endpoints import authorize, discovery, jwks, token, userinfo
from idp.web.pages import information


def list_blueprints() -> Sequence[Blueprint]:
    """Return the pages of practitioners, then the endpoints of relying parties."""
    modules = (information, authorize, token, userinfo, discovery, jwks)
    return [module.blueprint for module in modules]
