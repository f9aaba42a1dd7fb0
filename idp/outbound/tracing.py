"""OpenTelemetry traces, for who sets [tracing] endpoint: one span a request, nothing personal.

The libraries are an extra ("tracing"): this module is imported only where an endpoint is set.
"""

from collections.abc import Mapping

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Span, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_SERVICE = "idp"
_SERVER_FAULT = 500  # semantic conventions for HTTP: a server span fails with 5xx alone


class RequestTracer:
    """Begins and ends the span of a request; a caller's trace is carried on (W3C traceparent)."""

    def __init__(self, exporter: SpanExporter) -> None:
        """Take where spans go; they are sent in batches, by a thread of their own."""
        self._provider = TracerProvider(resource=Resource({"service.name": _SERVICE}))
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer(_SERVICE)
        self._propagator = TraceContextTextMapPropagator()

    def begin(self, method: str, carrier: Mapping[str, str], *, request_id: str) -> Span:
        """Return the span of a request that just came; `carrier` may hold a traceparent."""
        span = self._tracer.start_span(
            method,
            context=self._propagator.extract(carrier),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": method, "idp.request_id": request_id},
        )
        assert isinstance(span, Span)  # noqa: S101 - the SDK's tracer makes the SDK's spans
        return span

    def end(self, span: Span, *, method: str, route: str, status: int) -> None:
        """End the span, named after its route."""
        span.update_name(f"{method} {route}")
        span.set_attributes({"http.route": route, "http.response.status_code": status})
        if status >= _SERVER_FAULT:
            span.set_status(StatusCode.ERROR)
        span.end()

    def close(self) -> None:
        """Send what waits."""
        self._provider.shutdown()


def build_tracer(endpoint: str) -> RequestTracer:
    """Return the tracer that sends to this OTLP/HTTP endpoint."""
    return RequestTracer(OTLPSpanExporter(endpoint))
