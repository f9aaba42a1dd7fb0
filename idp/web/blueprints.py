"""Every blueprint but that of the health checks, which is made with what it checks."""

from collections.abc import Sequence

from flask import Blueprint

from idp.web.endpoints import (
    authorize,
    check_session,
    consent,
    discovery,
    end_session,
    introspect,
    jwks,
    par,
    revoke,
    token,
    userinfo,
)
from idp.web.pages import information, login

_PAGES = (information, login)
_ENDPOINTS = (
    authorize,
    consent,
    par,
    token,
    userinfo,
    introspect,
    revoke,
    end_session,
    check_session,
    discovery,
    jwks,
)


def list_blueprints() -> Sequence[Blueprint]:
    """Return the pages of practitioners, then the endpoints of relying parties."""
    return [module.blueprint for module in (*_PAGES, *_ENDPOINTS)]
