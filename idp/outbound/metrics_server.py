"""/metrics, on an address of its own: one for all processes of a host.

Each process counts in files of one folder (the environment variable PROMETHEUS_MULTIPROC_DIR names
it, before prometheus-client is imported); they are added up here at each scrape. Counts of a
process that ended stay, since a total never falls.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Metric, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

from idp.outbound.vital_signs import VitalSigns, VitalSignsCollector

if TYPE_CHECKING:
    from threading import Thread
    from wsgiref.simple_server import WSGIServer


class MetricsServer:
    """Serves what the processes of this host counted, and the vital signs."""

    def __init__(self, folder: Path, read_vital_signs: Callable[[], VitalSigns]) -> None:
        """Take the folder that the processes count in, and what the database knows."""
        self.registry = CollectorRegistry()
        self.registry.register(_LivingProcesses(folder))
        self.registry.register(VitalSignsCollector(read_vital_signs))
        self._running: tuple[WSGIServer, Thread] | None = None

    def start(self, host: str, port: int) -> None:
        """Serve in a daemon thread.

        Raises:
            OSError: the port is taken.

        """
        self._running = start_http_server(port, host, registry=self.registry)

    def stop(self) -> None:
        """Stop serving."""
        if self._running is not None:
            server, thread = self._running
            server.shutdown()
            server.server_close()
            thread.join()


class _LivingProcesses(MultiProcessCollector):
    """Adds up the files, without what a process that ended said of its present."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        super().__init__(None, str(folder))  # type: ignore[no-untyped-call]

    def collect(self) -> Iterable[Metric]:
        for file in self._folder.glob("gauge_live*_*.db"):
            pid = int(file.stem.rpartition("_")[2])
            if not Path(f"/proc/{pid}").exists():
                file.unlink(missing_ok=True)
        found: Iterable[Metric] = super().collect()  # type: ignore[no-untyped-call]
        return found
