"""/metrics: what all processes of this host counted, and what the database and the keys know."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from idp.app.services import Built
from idp.outbound.metrics_server import MetricsServer
from idp.outbound.vital_signs import VitalSigns


class MetricsPost:
    """Whichever process is first serves /metrics; should it end, another takes its place."""

    def __init__(self, built: Built, folder: Path) -> None:
        """Take the folder that the processes count in."""
        settings = built.services.settings.server
        self._address = (settings.metrics_host, settings.metrics_port)
        self._server = MetricsServer(folder, lambda: read_vital_signs(built))
        self._is_held = False

    def take(self, _: datetime) -> None:
        """Serve, unless another process does."""
        if not self._is_held:
            with suppress(OSError):
                self._server.start(*self._address)
                self._is_held = True


def read_vital_signs(built: Built) -> VitalSigns:
    """Return what only the database and the keys know.

    Raises:
        StoreUnavailableError: the database is away.

    """
    now = built.services.clock.now()
    counts = built.database.count(now)
    return VitalSigns(
        sessions=counts.live_sessions,
        blocks=counts.blocks,
        outbox=counts.outbox,
        purge_backlog=counts.purge_backlog,
        keys_signing_for=_measure_signing(built, now),
    )


def _measure_signing(built: Built, now: datetime) -> dict[str, timedelta]:
    """Return how long each algorithm has a key by the schedule: an announced one counts."""
    ring = built.live_keys.ring()
    interval = built.services.settings.keys.rotation_interval
    found: dict[str, timedelta] = {}
    for algorithm in ring.algorithms(now):
        coming = ring.find_next(algorithm, now)
        last = coming.key if coming else ring.active(algorithm, now)
        found[algorithm] = last.signs_from + interval - now
    return found
