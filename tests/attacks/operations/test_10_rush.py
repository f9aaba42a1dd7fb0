"""Attack case C117: two hundred logins at once, with the hash parameters of production."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from tests.attacks.people import WRONG
from tests.conftest import StartProcess
from tests.support.crowd import do_at_once
from tests.support.forms import FormReader
from tests.support.served_provider import Answer, Node, ServedProvider

pytestmark = [pytest.mark.timed, pytest.mark.timeout(300)]

CROWD = 200
WORKERS = 2
PERIOD_SECONDS = 0.02
DISCOVERY_MS = 50
HASH_MIB = 19
SPARE_MIB = 64
DISCOVERY = "/.well-known/openid-configuration"


def read_memory(root: int) -> float:
    """Return the MiB of a process and its children, shared pages counted once."""
    children = Path(f"/proc/{root}/task/{root}/children").read_text().split()
    files = [Path(f"/proc/{pid}/smaps_rollup") for pid in (str(root), *children)]
    lines = [line for file in files for line in file.read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextmanager
def repeat(act: Callable[[], None]) -> Iterator[None]:
    """Do something at a steady rate, however long each takes, until the `with` ends."""
    is_over = threading.Event()
    begun: list[threading.Thread] = []

    def begin() -> None:
        while not is_over.wait(PERIOD_SECONDS):
            begun.append(threading.Thread(target=act))
            begun[-1].start()

    beat = threading.Thread(target=begin)
    beat.start()
    try:
        yield
    finally:
        is_over.set()
        beat.join()
        for thread in begun:
            thread.join()


class Watch:
    """What others notice of the rush: how long discovery takes, whether health answers, memory."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.discovery_ms: list[float] = []
        self.statuses: set[int] = set()
        self.memory_mib: list[float] = []

    def ask_discovery(self) -> None:
        """Ask as a relying party does."""
        began = perf_counter()
        answer = self._node.ask("GET", DISCOVERY)
        self.discovery_ms.append((perf_counter() - began) * 1000)
        self.statuses.add(answer.status)

    def ask_health(self) -> None:
        """Ask as a supervisor does, and look at the memory."""
        self.statuses.add(self._node.ask("GET", "/healthz").status)
        self.memory_mib.append(read_memory(self._node.process.pid))


@pytest.fixture
def node(database_url: str, keys_folder: Path, start_process: StartProcess) -> Node:
    """A server of two processes with the shipped settings, where no network is refused."""
    lockout = {"network_logins_per_hour": "1000000"}
    served = ServedProvider(keys_folder, database_url, start_process, {"lockout": lockout})
    return served.serve(workers=WORKERS)


def rush(node: Node, watch: Watch) -> list[Answer]:
    """Let two hundred try to sign in at the same moment, watched; return what they were told."""
    form = node.open_form("/connexion", "login-submit")
    acts: list[Callable[[], Answer]] = [
        partial(node.submit, "/connexion", form, finess=f"97{number:07d}", password=WRONG)
        for number in range(CROWD)
    ]
    with repeat(watch.ask_discovery), repeat(watch.ask_health):
        return do_at_once(acts)


def test_c117_rush_of_logins(node: Node) -> None:
    """C117: memory stays bounded, health answers, the excess is told when to come.

    On the page of who is told so, the number that was typed still stands.
    """
    watch, idle = Watch(node), read_memory(node.process.pid)
    answers = rush(node, watch)
    refused = [answer for answer in answers if answer.status == 503]
    assert {answer.status for answer in answers} == {422, 503}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
    (login,) = [each for each in FormReader(refused[0].text).forms if "finess" in each.fields]
    assert login.fields["finess"].startswith("97")
    assert watch.statuses == {200}
    assert max(watch.memory_mib) < idle + WORKERS * HASH_MIB + SPARE_MIB


def test_c117_discovery_goes_on(node: Node) -> None:
    """C117: whoever asks for discovery in the middle of it waits for less than 50 ms.

    At the median of requests begun at a steady rate; a machine may be disturbed once.
    """
    watches = [Watch(node), Watch(node)]
    for watch in watches:
        rush(node, watch)
        if median(watch.discovery_ms) < DISCOVERY_MS:
            break
    assert median(watch.discovery_ms) < DISCOVERY_MS
