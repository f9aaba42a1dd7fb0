"""Free ports, and waiting for a condition instead of sleeping."""

import random
import socket
import time
from collections.abc import Callable
from typing import TypeVar

LOOPBACK = "127.0.0.1"
# Below the range from which the kernel takes the ports of outgoing connections.
PORTS = range(20_000, 32_000)

T = TypeVar("T")


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 on which nothing listens."""
    for port in random.sample(PORTS, k=200):
        with socket.socket() as candidate:
            try:
                candidate.bind((LOOPBACK, port))
            except OSError:
                continue
            return port
    message = "no free port among two hundred"
    raise OSError(message)


def is_listening(port: int) -> bool:
    """Say whether something accepts connections on this port of 127.0.0.1."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex((LOOPBACK, port)) == 0


def wait_until(
    predicate: Callable[[], T | None], timeout: float = 10, *, every: float = 0.02, what: str = ""
) -> T:
    """Return the first true value of `predicate`, asked anew after so many seconds.

    Raises:
        TimeoutError: it was still false after `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    while not (value := predicate()):
        if time.monotonic() > deadline:
            raise TimeoutError(what or f"still not so after {timeout} s: {predicate}")
        time.sleep(every)
    return value
