"""One request from its first byte to its last: one context, one unit of work, one commit.

The unit is committed also when the answer is an error of HTTP or OAuth (a detected replay must
persist its revocation), and rolled back on an unhandled exception alone.
"""

import re
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from idp import secret_values
from idp.web.context import RequestContext, current
from idp.web.csrf import remember_csrf_secret
from idp.web.headers import protect_response

if TYPE_CHECKING:
    from idp.web.services import Services

_MAX_BODY_BYTES = 64 * 1024
_MAX_FORM_FIELDS = 200
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_ANY_HOST = {"/healthz", "/readyz"}


class ProviderFlask(Flask):
    """Flask, with the unit of work finished before the answer leaves."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Commit what the view wrote; a commit that fails is the request's failure."""
        answer = super().dispatch_request()
        _commit()
        return answer

    def handle_http_exception(self, e: HTTPException) -> HTTPException | ResponseReturnValue:
        """Commit here too: an error page is an answer like another."""
        if "request_context" in g:
            _commit()
        return super().handle_http_exception(e)


def frame_requests(app: Flask, services: "Services") -> None:
    """Give every request its context, its limits and its headers."""
    settings = services.settings
    app.config.update(
        MAX_CONTENT_LENGTH=_MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=_MAX_BODY_BYTES,
        MAX_FORM_PARTS=_MAX_FORM_FIELDS,
        SESSION_COOKIE_SECURE=settings.is_secure,
    )
    if proxies := settings.server.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]

    def begin() -> None:
        g.request_context = RequestContext(
            services, _choose_request_id(settings.server.trusted_proxies)
        )
        _refuse_strange_shapes(settings.issuer_host)

    app.before_request(begin)
    app.after_request(_finish_response)
    app.teardown_request(_close)


def _choose_request_id(trusted_proxies: int) -> str:
    """Carry on the proxy's request id where a proxy is trusted to give one."""
    given = request.headers.get("X-Request-ID", "") if trusted_proxies else ""
    return given if _REQUEST_ID.fullmatch(given) else secret_values.random_token(12)


def _refuse_strange_shapes(issuer_host: str) -> None:
    """Refuse a foreign Host, and bodies of unknown length: Werkzeug would cut them in silence."""
    if request.host.lower() != issuer_host.lower() and request.path not in _ANY_HOST:
        abort(400)
    if "Transfer-Encoding" in request.headers and request.content_length is None:
        abort(411)


def _commit() -> None:
    if current.has_uow:
        current.uow.commit()


def _finish_response(response: Response) -> Response:
    for act in current.after_response:
        response.call_on_close(act)
    return protect_response(remember_csrf_secret(response))


def _close(_: BaseException | None) -> None:
    context: RequestContext | None = g.get("request_context")
    if context is not None and context.has_uow:
        context.uow.close()
