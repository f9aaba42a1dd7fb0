"""The floor: what an operation's requests, hashes, signatures and statements cost by themselves.

A bare Flask application on the provider's server and the same kind of database. An operation is so
many requests, the last of which does all of its work.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.browser import Browser
from bench.floor_app import prepare_floor
from bench.operations import MakeStep, Step
from bench.processes import free_port, run_server


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one operation consists of; the tests assert these counts of the provider."""

    requests: int
    hashes: int = 0
    signatures: int = 0
    reads: int = 0
    writes: int = 0
    commits: int = 0


COSTS: dict[str, Cost] = {
    "login": Cost(requests=5, hashes=1, signatures=1, reads=4, writes=8, commits=4),
    "sso": Cost(requests=2, signatures=1, reads=2, writes=2, commits=2),
    "refresh": Cost(requests=1, signatures=1, writes=1, commits=1),
    "introspect": Cost(requests=1, reads=1),
    "userinfo": Cost(requests=1, reads=1),
    "discovery": Cost(requests=1),
}


def make_floor_step(cost: Cost) -> MakeStep:
    """Return what makes the step of an operation of this cost."""
    work = (cost.hashes, cost.signatures, cost.reads, cost.writes, cost.commits)
    paths = ["/work/0/0/0/0/0"] * (cost.requests - 1) + ["/work/" + "/".join(map(str, work))]

    def make(port: int, _: int) -> Step:
        browser = Browser(port)
        return lambda: [browser.fetch(path) for path in paths]

    return make


@contextmanager
def serve_floor(folder: Path, database_url: str) -> Iterator[tuple[int, int]]:
    """Run the floor over an empty database, as the provider is run; yields port and process id."""
    folder.mkdir(mode=0o700)
    port = free_port()
    command = [
        *(str(Path(sys.executable).parent / "granian"), "--interface", "wsgi"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "2"),
        *("--blocking-threads", "16", "--no-ws", "--factory", "bench.floor_app:build_floor"),
    ]
    environment = prepare_floor(database_url)
    with run_server(command, port=port, log=folder / "log", environment=environment) as pid:
        yield port, pid
