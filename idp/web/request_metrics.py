"""How many requests each route answers, with which status, in which time."""

from time import perf_counter
from typing import Protocol

from flask import Flask, Response, g, request

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


class RequestMetrics(Protocol):
    """Who counts requests."""

    def observe_request(self, route: str, method: str, *, status: int, seconds: float) -> None:
        """Count one answer; `route` is a rule such as "/token", never what was typed."""


def measure_requests(app: Flask, metrics: RequestMetrics) -> None:
    """Time every request; call it first, so that all other hooks are timed too."""

    def begin() -> None:
        g.began_at = perf_counter()

    def finish(response: Response) -> Response:
        metrics.observe_request(
            request.url_rule.rule if request.url_rule else "unmatched",
            request.method if request.method in _METHODS else "other",
            status=response.status_code,
            seconds=perf_counter() - g.began_at,
        )
        return response

    app.before_request(begin)
    app.after_request(finish)
