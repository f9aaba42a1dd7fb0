"""Watchers of what should stay quick: each asks for one thing again and again.

Each is a process of its own, so that what it measures is the server, not who floods it.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection

from bench.browser import UnexpectedAnswerError
from bench.operations import ACCOUNTS, OPERATIONS, MakeStep, Step, make_fetch
from bench.samples import GOOD, Sample

PROBES: dict[str, MakeStep] = {
    "discovery": OPERATIONS["discovery"],
    "JWKS": make_fetch("/jwks.json"),
    "token": OPERATIONS["refresh"],
}
_PAUSE_SECONDS = 0.04
_START_SECONDS = 60


class Probe:
    """One watcher, at work from the moment it is made."""

    def __init__(self, kind: str, port: int) -> None:
        """Start it; it is ready on return."""
        spawn = get_context("spawn")
        self._connection, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_watch, args=(kind, port, theirs), daemon=True)
        self._process.start()
        theirs.close()
        if not self._connection.poll(_START_SECONDS):
            raise TimeoutError(f"the probe of {kind} does not start")
        self._connection.recv()

    def stop(self) -> list[Sample]:
        """End it and return what it saw; a second time there is nothing left to see."""
        if self._connection.closed:
            return []
        self._connection.send("stop")
        samples: list[Sample] = self._connection.recv()
        self._process.join()
        self._connection.close()
        return samples


@contextmanager
def probing(port: int) -> Iterator[Sequence[Probe]]:
    """Give all probes, at work; they end with the `with`."""
    probes = [Probe(kind, port) for kind in PROBES]
    try:
        yield probes
    finally:
        for probe in probes:
            probe.stop()


def _watch(kind: str, port: int, connection: Connection) -> None:
    step = PROBES[kind](port, ACCOUNTS - 1)
    step()
    connection.send("ready")
    samples = []
    while not connection.poll(_PAUSE_SECONDS):
        samples.append(_try(kind, step))
    connection.send(samples)


def _try(kind: str, step: Step) -> Sample:
    began = time.monotonic()
    try:
        step()
        outcome = GOOD
    except UnexpectedAnswerError as error:
        outcome = str(error.status)
    ended = time.monotonic()
    return Sample(ended, kind, outcome, ended - began)
