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
from idp.web.pages import (
    activation,
    after_login,
    email_change,
    information,
    login,
    registration,
    reset,
    update,
)
from idp.web.pages.account import data, email, overview, password, sessions, sites

_PAGES = (
    information,
    login,
    after_login,
    registration,
    activation,
    update,
    reset,
    overview,
    password,
    email,
    sessions,
    sites,
    data,
)
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
    modules = (*_PAGES, *_ENDPOINTS)
    return [*(module.blueprint for module in modules), email_change.confirmation, email_change.undo]
