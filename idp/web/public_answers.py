"""Discovery and keys, answered before Flask wakes: every relying party asks, nothing changes.

What the application last answered is given again for one second. So these documents go on while
the database is away, cost next to nothing, and are at most a second older than the keys they name.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from werkzeug.test import run_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATHS = frozenset(
    {"/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/jwks.json"}
)
_LIFETIME_SECONDS = 1.0
_OF_ONE_REQUEST = {"X-Request-ID"}
_LEFT_OUT_OF_304 = {"Content-Type", "Content-Length"}  # RFC 9110 15.4.5


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    headers: list[tuple[str, str]]
    etag: str
    body: bytes


class PublicAnswers:
    """A WSGI application around another: one kept answer a path, refreshed by whoever is late."""

    def __init__(
        self,
        app: "WSGIApplication",
        *,
        host: str,
        count: Callable[[str, int], None],
        timer: Callable[[], float] = monotonic,
    ) -> None:
        """Take the application, the issuer's host, and who counts what the former does not see."""
        self._app = app
        self._host = host
        self._count = count
        self._timer = timer
        self._kept: dict[str, _Kept] = {}

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a plain GET of these paths; pass everything else on."""
        if (
            environ["PATH_INFO"] not in PATHS
            or environ["REQUEST_METHOD"] != "GET"
            or environ.get("HTTP_HOST") != self._host
        ):
            return self._app(environ, start_response)
        kept = self._kept.get(environ["PATH_INFO"])
        if kept is None or self._timer() >= kept.until:
            return self._ask(environ, start_response)
        if kept.etag and environ.get("HTTP_IF_NONE_MATCH") == kept.etag:
            self._count(environ["PATH_INFO"], 304)
            headers = [each for each in kept.headers if each[0] not in _LEFT_OUT_OF_304]
            start_response("304 NOT MODIFIED", headers)
            return []
        self._count(environ["PATH_INFO"], 200)
        start_response("200 OK", list(kept.headers))
        return [kept.body]

    def _ask(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Let the application answer and count; keep its answer if it is a 200."""
        chunks, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        body = b"".join(chunks)
        if status.startswith("200"):
            lasting = [(name, value) for name, value in headers if name not in _OF_ONE_REQUEST]
            until = self._timer() + _LIFETIME_SECONDS
            self._kept[environ["PATH_INFO"]] = _Kept(until, lasting, headers.get("ETag", ""), body)
        start_response(status, list(headers))
        return [body]
