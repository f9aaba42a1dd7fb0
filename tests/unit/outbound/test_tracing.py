"""Traces: one span a request, on the caller's trace, without anything personal."""

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from idp.outbound.tracing import RequestTracer

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CARRIER = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "tracestate": ""}


class Traced:
    """A tracer whose spans are kept in memory."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self.tracer = RequestTracer(self._exporter)

    def trace(self, status: int) -> ReadableSpan:
        """Trace one request and return its span."""
        span = self.tracer.begin("POST", CARRIER, request_id="K7QF3M2P")
        self.tracer.end(span, method="POST", route="/token", status=status)
        self.tracer.close()
        return self._exporter.get_finished_spans()[0]


@pytest.fixture
def traced() -> Iterator[Traced]:
    """A tracer of this test alone."""
    traced = Traced()
    yield traced
    traced.tracer.close()


def test_span_tells_the_route_and_no_more(traced: Traced) -> None:
    """Method, route, status, request id: no address, query or name."""
    span = traced.trace(200)
    assert span.name == "POST /token"
    assert dict(span.attributes or {}) == {
        "http.request.method": "POST",
        "http.route": "/token",
        "http.response.status_code": 200,
        "idp.request_id": "K7QF3M2P",
    }


def test_callers_trace_is_carried_on(traced: Traced) -> None:
    """A proxy that traces sees our span within its own trace (W3C Trace Context)."""
    span = traced.trace(200)
    assert span.context
    assert f"{span.context.trace_id:032x}" == TRACE


@pytest.mark.parametrize(
    "status, code", [(200, StatusCode.UNSET), (400, StatusCode.UNSET), (503, StatusCode.ERROR)]
)
def test_servers_faults_are_errors(status: int, code: StatusCode, traced: Traced) -> None:
    """What the client got wrong is no error of the server."""
    assert traced.trace(status).status.status_code is code
