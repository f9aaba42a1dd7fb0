"""Traces reach the collector that the settings name; without one nothing traces."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.operations.installation import Installation
from tests.support.network import LOOPBACK, wait_until

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@dataclass
class Collector:
    """A server that keeps the spans it is sent (OTLP over HTTP)."""

    address: str = ""
    spans: list[Span] = field(default_factory=list)

    def find(self, name: str) -> Span | None:
        """Return the latest span of this name."""
        return next((span for span in reversed(self.spans) if span.name == name), None)


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A running collector."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    collector.spans.extend(scope.spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer((LOOPBACK, 0), Handler) as server:
        collector.address = f"http://{LOOPBACK}:{server.server_port}/v1/traces"
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield collector
        server.shutdown()
        thread.join()


def test_each_request_is_a_span(installation: Installation, collector: Collector) -> None:
    """Named by its route, with status and request id, part of the caller's trace; nothing typed."""
    installation.write_settings(tracing={"endpoint": collector.address})
    node = installation.serve()
    traceparent = f"00-{TRACE}-00f067aa0ba902b7-01"
    answer = node.ask("GET", "/activation?token=typed", headers={"traceparent": traceparent})
    span = wait_until(lambda: collector.find("GET /activation"), 20)
    told = {attribute.key: attribute.value for attribute in span.attributes}
    assert span.trace_id.hex() == TRACE
    assert told["http.response.status_code"].int_value == answer.status
    assert told["idp.request_id"].string_value == answer.headers["X-Request-ID"]
    assert "typed" not in str(span)


def test_collector_that_is_away_holds_up_nobody(installation: Installation) -> None:
    """Spans are sent by a thread of their own, and lost where nobody takes them."""
    installation.write_settings(tracing={"endpoint": f"http://{LOOPBACK}:9/v1/traces"})
    node = installation.serve()
    assert node.ask("GET", "/aide").status == 200
    assert node.process.stop() == 0


def test_nothing_is_imported_without_an_endpoint(installation: Installation) -> None:
    """OpenTelemetry need not be installed: the one module that imports it is not."""
    program = "import sys, idp; idp.create_app(); sys.exit('idp.outbound.tracing' in sys.modules)"
    assert installation.run_python(program).returncode == 0
