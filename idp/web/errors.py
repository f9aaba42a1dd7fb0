"""Every fault as a page: what happened in French, what to do, a reference to read on the phone."""

import structlog
from flask import Flask, Response
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, ServiceUnavailable

from idp.accounts.errors import AccountChangedError
from idp.web.context import current, name_route
from idp.web.rendering import render_page

_SHOWN = {400, 403, 404, 405, 411, 413, 429, 500, 503}
_RETRY_AFTER_SECONDS = 5

_log = structlog.get_logger(__name__)


class StrangeRequestError(BadRequest):
    """A request that no browser makes; `reason` is a stable word for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


def register_error_pages(app: Flask) -> None:
    """Answer every HTTP error and every unhandled exception with a page of ours."""
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(AccountChangedError, show_unavailable)
    app.register_error_handler(Exception, show_unexpected)


def show_http_error(error: HTTPException) -> Response:
    """Show the page of that status; one without words of its own is shown as 400 or 500."""
    told = {"reason": error.reason} if isinstance(error, StrangeRequestError) else {}
    log_refusal(status=error.code, **told)
    return _show_page(error)


def show_unavailable(error: Exception) -> Response:
    """Show that a part this request needs is away, and when to come back."""
    _log.warning("request.unavailable", **_name_request(), exc_info=error)
    if current.has_uow:
        current.uow.rollback()
    return _show_page(ServiceUnavailable(retry_after=_RETRY_AFTER_SECONDS))


def show_unexpected(error: Exception) -> Response:
    """Log a fault of ours under its reference; the page shows that alone."""
    _log.error("request.failed", **_name_request(), exc_info=error)
    if current.has_uow:
        current.uow.rollback()
    return _show_page(InternalServerError())


def show_rush() -> Response:
    """Show that more people sign in than can be served: the same address will do in a moment."""
    response = render_page("rush.html", ServiceUnavailable.code, sealed_request="")
    response.headers["Retry-After"] = str(_RETRY_AFTER_SECONDS)
    return response


def log_refusal(**facts: object) -> None:
    """Log why a page was refused, under the reference that its reader sees."""
    _log.info("request.refused", **_name_request(), **facts)


def _name_request() -> dict[str, str]:
    return {"reference": current.reference, "route": name_route()}


def _show_page(error: HTTPException) -> Response:
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
