"""Every fault as a page: what happened in French, what to do, a reference to read on the phone."""

import structlog
from flask import Flask, Response
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, ServiceUnavailable

from idp.accounts.errors import AccountChangedError
from idp.web.context import current
from idp.web.pages_rendering import render_page

_SHOWN = {400, 403, 404, 405, 411, 413, 429, 500, 503}
_RETRY_AFTER_SECONDS = 5

_log = structlog.get_logger(__name__)


def register_error_pages(app: Flask) -> None:
    """Answer every HTTP error and every unhandled exception with a page of ours."""
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(AccountChangedError, show_unavailable)
    app.register_error_handler(Exception, show_unexpected)


def show_http_error(error: HTTPException) -> Response:
    """Show the page of that status; one without words of its own is shown as 400 or 500."""
    status = error.code or InternalServerError.code
    fallback = InternalServerError.code if status >= InternalServerError.code else BadRequest.code
    shown = status if status in _SHOWN else fallback
    retry_after = getattr(error, "retry_after", None)
    seconds = retry_after if isinstance(retry_after, int) else None
    context = {"reference": current.reference, "retry_after": seconds}
    if status >= InternalServerError.code:
        context["sealed_request"] = ""  # naming the site that waits may ask what is away
    response = render_page("error.html", shown, **context)
    response.status_code = status
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def show_unavailable(_: Exception) -> Response:
    """Show that a part this request needs is away, and when to come back."""
    if current.has_uow:
        current.uow.rollback()
    return show_http_error(ServiceUnavailable(retry_after=_RETRY_AFTER_SECONDS))


def show_unexpected(error: Exception) -> Response:
    """Log a fault of ours under its reference; the page shows that alone."""
    _log.error("unhandled_exception", reference=current.reference, exc_info=error)
    if current.has_uow:
        current.uow.rollback()
    return show_http_error(InternalServerError())
