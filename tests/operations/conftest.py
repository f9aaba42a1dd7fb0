"""Fixtures: an installation in a folder of its own, and nginx in front."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import httpx
import pytest

from tests.conftest import StartProcess
from tests.operations.installation import Installation
from tests.operations.nginx import Nginx
from tests.support.network import LOOPBACK
from tests.support.served_provider import Node

MakeNginx = Callable[[Sequence[int]], Nginx]


class OpenDoor(Protocol):
    """What the fixture `open_door` gives."""

    def __call__(self, door: Node | Nginx, **headers: str) -> httpx.Client:
        """Return connections to a node or to nginx; `headers` go with every request."""
        ...


@pytest.fixture
def installation(tmp_path: Path, start_process: StartProcess) -> Installation:
    """An installation over SQLite, of one process a node."""
    folder = tmp_path / "idp"
    folder.mkdir(mode=0o700)
    installation = Installation(folder, start_process)
    installation.prepare()
    return installation


@pytest.fixture
def make_nginx() -> Iterator[MakeNginx]:
    """A function that lays the files of an nginx in front of nodes on these ports."""
    with ExitStack() as made:

        def make(node_ports: Sequence[int]) -> Nginx:
            nginx = Nginx(node_ports)
            made.callback(nginx.close)
            return nginx

        yield make


@pytest.fixture
def open_door() -> Iterator[OpenDoor]:
    """A function that opens connections; they are closed with the test."""
    with ExitStack() as opened:

        def open_one(door: Node | Nginx, **headers: str) -> httpx.Client:
            if isinstance(door, Nginx):
                address, trust = door.issuer, door.trust
            else:
                address, trust = f"http://{LOOPBACK}:{door.port}", None
                headers = {"Host": door.host, **headers}
            client = httpx.Client(
                base_url=address, verify=trust or False, headers=headers, timeout=60
            )
            return opened.enter_context(client)

        yield open_one


@pytest.fixture
def fronted(
    installation: Installation, make_nginx: MakeNginx, start_process: StartProcess
) -> tuple[Installation, Nginx]:
    """An installation whose issuer is nginx, which runs in front of it, and that nginx."""
    nginx = make_nginx([installation.port])
    fronted = installation.with_tables(
        issuer=nginx.issuer, server={"workers": 2, "trusted_proxies": 1}
    )
    fronted.write_settings()
    nginx.start(start_process)
    return fronted, nginx
