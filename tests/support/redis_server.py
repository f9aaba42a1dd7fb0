"""A private Redis server on a free port, in memory alone."""

from pathlib import Path

from tests.support.network import LOOPBACK, free_port
from tests.support.processes import Process


class RedisServer:
    """A running server; `stop` and `start` keep its port, and forget what it held."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://{LOOPBACK}:{self.port}/0"
        self._folder = folder
        self.start()

    def start(self) -> None:
        """Start the server and return when it listens."""
        options = ["--bind", LOOPBACK, "--port", str(self.port), "--save", "", "--appendonly", "no"]
        self._process = Process(
            ["redis-server", *options], log=self._folder / "redis.log", folder=self._folder
        )
        self._process.wait_for_port(self.port)

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        return self._process.pid

    def stop(self) -> None:
        """End the server: whoever was connected is cut."""
        self._process.stop()
