"""What only the database and the keys know, read at each scrape: once for the whole host."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from idp.outbound.ports import OutboxDepth

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalSigns:
    """`blocks` counts what is blocked now, `purge_backlog` the rows past their time.

    `keys_signing_for` is how long each algorithm has a key by the schedule: the active one, or the
    one that is announced to follow it.
    """

    sessions: int
    blocks: int
    outbox: OutboxDepth
    purge_backlog: int
    keys_signing_for: Mapping[str, timedelta]


class VitalSignsCollector(Collector):
    """Turns vital signs into gauges; a database that is away is a gauge too."""

    def __init__(self, read: Callable[[], VitalSigns]) -> None:
        """Take what reads them."""
        self._read = read

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Name nothing before the first scrape: nothing is read when this is registered."""
        yield from ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read and yield the gauges."""
        try:
            signs = self._read()
        except Exception:  # noqa: BLE001 - whatever is away, the other metrics are still told
            structlog.get_logger("idp.metrics").exception("metrics.unreadable")
            yield GaugeMetricFamily("idp_database_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("idp_database_up", "Whether the database answers.", 1)
        yield GaugeMetricFamily("idp_sessions", "Live sessions.", signs.sessions)
        yield GaugeMetricFamily("idp_blocks", "Numbers and networks blocked now.", signs.blocks)
        yield from _gauge_outbox(signs.outbox)
        yield GaugeMetricFamily(
            "idp_purge_backlog", "Rows past their time that are still there.", signs.purge_backlog
        )
        yield _gauge_keys(signs.keys_signing_for)


def _gauge_outbox(depth: OutboxDepth) -> Iterator[GaugeMetricFamily]:
    yield GaugeMetricFamily("idp_outbox_waiting", "Items that wait to leave.", depth.waiting)
    yield GaugeMetricFamily("idp_outbox_dead", "Items that were given up.", depth.dead)
    yield GaugeMetricFamily(
        "idp_outbox_oldest_seconds",
        "How long the oldest item waits.",
        depth.oldest_age.total_seconds(),
    )


def _gauge_keys(signing_for: Mapping[str, timedelta]) -> GaugeMetricFamily:
    text = "Days that the active key, or the one announced to follow it, still signs."
    family = GaugeMetricFamily("idp_key_days_left", text, labels=["algorithm"])
    for algorithm, left in signing_for.items():
        family.add_metric([algorithm], left / _DAY)
    return family
