"""One request from its first byte to its last: one context, one unit of work, one commit.

The unit is committed also when the answer is an error of HTTP or OAuth (a detected replay must
persist its revocation), and rolled back on an unhandled exception alone.
"""

import re
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response, abort
from flask.typing import ResponseReturnValue
from structlog.contextvars import bind_contextvars, unbind_contextvars
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import MapAdapter

from idp import secret_values
from idp.web.browser_session import send_login_cookies
from idp.web.context import RequestContext, find_current, find_request, name_route
from idp.web.csrf import remember_csrf_secret
from idp.web.errors import StrangeRequestError, show_http_error
from idp.web.headers import protect_response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from idp.settings import Settings
    from idp.web.services import Services

_MAX_BODY_BYTES = 64 * 1024
_MAX_FORM_FIELDS = 200
# nginx refuses an answer whose headers fill more than its buffer, and takes its node for ill.
_MAX_LOCATION_BYTES = 12 * 1024
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_ANY_HOST = {"/healthz", "/readyz"}
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})

Observe = Callable[..., None]
"""Counts an answer: route, method, and by name status and seconds."""


class ProviderFlask(Flask):
    """Flask, with the unit of work finished before the answer leaves, all of it at once."""

    def wsgi_app(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer with a list: Granian sends one as it is, and fetches all else piece by piece."""
        pieces = super().wsgi_app(environ, start_response)
        try:
            return [*pieces]
        finally:
            if close := getattr(pieces, "close", None):
                close()

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Route by the request's own path: `begin` compares its Host, so nothing else matters."""
        if request is None:
            return super().create_url_adapter(request)
        return MapAdapter(
            self.url_map,
            request.host,
            request.root_path,
            subdomain="",
            url_scheme=request.scheme,
            path_info=request.environ["PATH_INFO"].encode("latin1").decode(errors="replace"),
            default_method=request.method,
            query_args=request.query_string.decode(errors="replace"),
        )

    def dispatch_request(self) -> ResponseReturnValue:
        """Commit what the view wrote; a commit that fails is the request's failure.

        An error page is an answer like another.
        """
        try:
            answer = super().dispatch_request()
        except HTTPException:
            _commit()
            raise
        _commit()
        return answer

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return it as it is: nothing here is a coroutine, and finding out anew costs each time."""
        return func


def frame_requests(app: Flask, services: "Services", observe: Observe) -> None:
    """Give every request its context, its limits, its headers, and its place in the metrics."""
    settings = services.settings
    _configure(app, settings)

    def begin() -> None:
        asked = find_request()
        request_id = _choose_request_id(asked, trusted_proxies=settings.server.trusted_proxies)
        RequestContext(services, request_id).enter()
        bind_contextvars(request_id=request_id)
        _refuse_strange_shapes(asked, settings.issuer_host)

    def finish(response: Response) -> Response:
        context = find_current()
        if context is None:  # Flask failed before `begin`
            return response
        if len(response.headers.get("Location", "")) > _MAX_LOCATION_BYTES:
            response = show_http_error(StrangeRequestError("too_long_to_repeat"))
        remember_csrf_secret(response, context)
        send_login_cookies(response, context)
        protect_response(response, context)
        _observe(observe, response, context)
        return response

    app.before_request(begin)
    app.after_request(finish)
    app.teardown_request(_close)


def _configure(app: Flask, settings: "Settings") -> None:
    app.config.update(
        MAX_CONTENT_LENGTH=_MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=_MAX_BODY_BYTES,
        MAX_FORM_PARTS=_MAX_FORM_FIELDS,
        SESSION_COOKIE_SECURE=settings.is_secure,
    )
    if proxies := settings.server.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]


def _choose_request_id(asked: Request, *, trusted_proxies: int) -> str:
    """Carry on the proxy's request id where a proxy is trusted to give one."""
    given = asked.headers.get("X-Request-ID", "") if trusted_proxies else ""
    return given if _REQUEST_ID.fullmatch(given) else secret_values.random_token(12)


def _refuse_strange_shapes(asked: Request, issuer_host: str) -> None:
    """Refuse a foreign Host, and bodies of unknown length: Werkzeug would cut them in silence."""
    if asked.host.lower() != issuer_host.lower() and asked.path not in _ANY_HOST:
        raise StrangeRequestError("foreign_host")
    if "Transfer-Encoding" in asked.headers and asked.content_length is None:
        abort(411)


def _observe(observe: Observe, response: Response, context: RequestContext) -> None:
    method = find_request().method
    observe(
        name_route(),
        method if method in _METHODS else "other",
        status=response.status_code,
        seconds=perf_counter() - context.began_at,
    )


def _commit() -> None:
    context = find_current()
    if context is not None and context.has_uow:
        context.uow.commit()


def _close(_: Any) -> None:  # noqa: ANN401 - Flask tells what went wrong, if anything
    if context := find_current():
        context.leave()
    unbind_contextvars("request_id")
