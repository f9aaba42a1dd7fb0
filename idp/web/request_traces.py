"""One span for each request, where tracing is on."""

from collections.abc import Mapping
from typing import Any, Protocol

from flask import Flask, Response, g, request

from idp.web.context import current, name_route

_CARRIED = ("traceparent", "tracestate")


class Tracer(Protocol):
    """Who keeps spans, of a kind of its own."""

    def begin(self, method: str, carrier: Mapping[str, str], *, request_id: str) -> Any:  # noqa: ANN401
        """Return the span of a request that just came; `carrier` may hold a traceparent."""

    def end(self, span: Any, *, method: str, route: str, status: int) -> None:  # noqa: ANN401
        """End the span, named after its route."""


def trace_requests(app: Flask, tracer: Tracer) -> None:
    """Trace every request; call it once the request's context is given."""

    def begin() -> None:
        carrier = {name: request.headers.get(name, "") for name in _CARRIED}
        g.span = tracer.begin(request.method, carrier, request_id=current.request_id)

    def finish(response: Response) -> Response:
        if span := g.pop("span", None):
            status = response.status_code
            tracer.end(span, method=request.method, route=name_route(), status=status)
        return response

    app.before_request(begin)
    app.after_request(finish)
