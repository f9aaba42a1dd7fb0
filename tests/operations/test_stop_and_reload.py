"""TERM, HUP and kill: requests under way finish, broken settings change nothing, no orphans."""

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Event

import pytest

from tests.operations.conftest import OpenDoor
from tests.operations.installation import Installation, name_practitioner
from tests.operations.nginx import Nginx
from tests.operations.people import Browser, Practitioner, come_back
from tests.operations.processes import is_gone, list_children
from tests.support.network import is_listening, wait_until

pytestmark = pytest.mark.timeout(180)

TWO = {"workers": 2}
SLOW = {"argon2_time_cost": 60}
"""Hashes that take half a second or more."""


def count_attempts(installation: Installation) -> int:
    """Count the logins that were begun: each is reserved before its password is checked."""
    with closing(sqlite3.connect(installation.folder / "idp.sqlite3")) as database:
        (number,) = database.execute("SELECT count(*) FROM attempts").fetchone()
    return int(number)


def test_stop_lets_requests_finish(installation: Installation, open_door: OpenDoor) -> None:
    """TERM while a password is being checked: its owner is signed in; then the port is free."""
    installation.write_settings(passwords=SLOW)
    installation.add_practitioners(range(1), have_accounts=True)
    node = installation.serve()
    person = Practitioner(name_practitioner(0), Browser([open_door(node)]))
    with ThreadPoolExecutor() as threads:
        signing_in = threads.submit(person.type_password)
        wait_until(lambda: count_attempts(installation) == 1, 30)
        node.process.send(signal.SIGTERM)
        assert signing_in.result().status_code == 303
    assert node.process.wait() == 0
    assert not is_listening(node.port)


@pytest.mark.parametrize("moment", ["limits.not_shared", "Spawning worker-1", "Spawning worker-2"])
def test_stop_while_it_starts(installation: Installation, moment: str) -> None:
    """New processes heed a TERM of before they listen: nobody waits until they are killed."""
    installation.write_settings(server={**TWO, "stop_timeout": "60 s"})
    process = installation.start()
    process.wait_for_output(moment)
    process.send(signal.SIGTERM)
    process.wait(timeout=20)


@contextmanager
def keep_busy(work: Callable[[], object]) -> Iterator[list[object]]:
    """Repeat `work` in two threads meanwhile; give what it returns, raise what it raised."""
    over, done = Event(), list[object]()

    def repeat() -> None:
        while not over.is_set():
            done.append(work())

    with ThreadPoolExecutor(2) as threads:
        repeated = [threads.submit(repeat) for _ in range(2)]
        try:
            yield done
        finally:
            over.set()
    for each in repeated:
        each.result()


def test_reload_is_noticed_by_nobody(
    fronted: tuple[Installation, Nginx], open_door: OpenDoor
) -> None:
    """HUP under load, through nginx: each process is replaced, nobody's sign-in fails."""
    installation, nginx = fronted
    installation.add_practitioners(range(1), have_accounts=True)
    process = installation.serve().process
    doors = [open_door(nginx)]

    def sign_in() -> None:
        person = Practitioner(name_practitioner(0), Browser(doors, come_back))
        person.sign_in()
        person.read_claims()

    old = list_children(process)
    with keep_busy(sign_in) as done:
        wait_until(lambda: len(done) > 3, 30)
        process.send(signal.SIGHUP)
        process.wait_for(lambda: all(map(is_gone, old)), 60)
        count = len(done)
        wait_until(lambda: len(done) > count + 5, 30)
    assert len(list_children(process)) == 2


def test_reload_reads_settings_and_clients_again(installation: Installation) -> None:
    """A client that was added to the clients file is known after a HUP, without a restart."""
    clients = installation.folder / "clients.toml"
    clients.write_text("")
    installation.write_settings(clients_file=str(clients))
    node = installation.serve()
    old = list_children(node.process)
    clients.write_text(
        '[[clients]]\nclient_id = "new"\nname = "New"\ntoken_endpoint_auth_method = "none"\n'
        'redirect_uris = ["https://new.example/retour"]\n'
    )
    installation.write_settings(
        clients_file=str(clients), pages={"help_email": "new@mnspf.example"}
    )
    node.process.send(signal.SIGHUP)
    node.process.wait_for(lambda: all(map(is_gone, old)), 60)
    assert "new" in installation.run("clients", "list").stdout
    assert "new@mnspf.example" in node.ask("GET", "/aide").text


def test_reload_of_what_cannot_serve_changes_nothing(installation: Installation) -> None:
    """A HUP over broken settings is refused in the log, and the old process goes on."""
    node = installation.serve()
    old = list_children(node.process)
    installation.write_settings(session={"idle_lifetime": "soon"})
    node.process.send(signal.SIGHUP)
    line = node.process.wait_for_output("reload.refused")
    assert "session.idle_lifetime" in line
    assert list_children(node.process) == old
    installation.write_settings()
    node.process.send(signal.SIGHUP)
    node.process.wait_for(lambda: all(map(is_gone, old)), 60)
    assert node.is_ready()


def test_killed_process_is_replaced(installation: Installation) -> None:
    """A worker that is killed is followed by another; the one beside it answers meanwhile."""
    installation.write_settings(server=TWO)
    node = installation.serve()
    process = node.process
    process.wait_for(lambda: len(list_children(process)) == 2)
    old = list_children(process)
    os.kill(min(old), signal.SIGKILL)
    process.wait_for(lambda: len(list_children(process) - old) == 1)
    wait_until(node.is_ready)
    assert process.is_running()


def test_killed_server_leaves_nobody_behind(installation: Installation) -> None:
    """SIGKILL of the parent ends its processes too: the port is free, it can be started again."""
    installation.write_settings(server=TWO)
    node = installation.serve()
    children = list_children(node.process)
    node.process.send(signal.SIGKILL)
    wait_until(lambda: all(map(is_gone, children)))
    assert not is_listening(node.port)
    assert installation.serve().is_ready()
