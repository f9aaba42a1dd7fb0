"""What this process counts, for Prometheus.

Each instrument is asked for by the room that knows, through a port of that room. In several
processes the counts are kept in files of one folder (prometheus-client's multiprocess mode), which
`idp.outbound.metrics_server` adds up.
"""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_HASH_SECONDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0)


class Metrics:
    """The instruments; one object a process, cheap enough for every request."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register every instrument."""
        self._requests = Histogram(
            "idp_http_request_duration_seconds",
            "Requests answered, by route, method and status.",
            ("route", "method", "status"),
            registry=registry,
            buckets=_SECONDS,
        )
        self._logins = Counter(
            "idp_logins",
            "Sign-ins tried at the login page, by outcome, client and reason.",
            ("outcome", "client", "reason"),
            registry=registry,
        )
        self._events = Counter(
            "idp_events", "Audit events, by name.", ("event",), registry=registry
        )
        self._hashes = Histogram(
            "idp_password_hash_duration_seconds",
            "Time a password hash took to compute.",
            registry=registry,
            buckets=_HASH_SECONDS,
        )
        self._hash_queue = Gauge(
            "idp_password_hash_queue",
            "Logins that wait for a hash slot.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._deliveries = Counter(
            "idp_outbox_deliveries",
            "Items of the outbox tried, by kind and outcome.",
            ("kind", "outcome"),
            registry=registry,
        )

    def observe_request(self, route: str, method: str, *, status: int, seconds: float) -> None:
        """Count one answer; `route` is a rule such as "/token", never what was typed."""
        self._requests.labels(route, method, str(status)).observe(seconds)

    def count_public_answer(self, route: str, status: int) -> None:
        """Count one answer that was kept: it took no time worth measuring."""
        self.observe_request(route, "GET", status=status, seconds=0.0)

    def count_event(self, event: Mapping[str, object]) -> None:
        """Count one audit event; sign-ins by their client and reason too."""
        name = str(event["name"])
        self._events.labels(name).inc()
        subject, _, outcome = name.partition(".")
        if subject == "login":
            client, reason = (str(event.get(part) or "") for part in ("client_id", "reason"))
            self._logins.labels(outcome, client, reason).inc()

    def observe_hash(self, seconds: float) -> None:
        """Time one password hash."""
        self._hashes.observe(seconds)

    def tell_hash_queue(self, waiting: int) -> None:
        """Take how many wait for a hash slot now."""
        self._hash_queue.set(waiting)

    def count_delivery(self, kind: str, outcome: str) -> None:
        """Count one try to deliver an item of the outbox."""
        self._deliveries.labels(kind, outcome).inc()
