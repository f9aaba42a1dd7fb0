"""`idp serve` that cannot serve says why in a sentence and ends: no traceback, no respawning."""

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from tests.operations.installation import Installation
from tests.support.network import LOOPBACK, free_port

Spoil = Callable[[Installation], None]


def misspell_a_setting(installation: Installation) -> None:
    """Write a duration that is none, and a limit that limits nothing."""
    limits = {"login": "many per minuet"}
    installation.write_settings(session={"idle_lifetime": "soon"}, limits=limits)


def remove_the_keys(installation: Installation) -> None:
    """Remove every key."""
    for file in (installation.folder / "keys").glob("*.json"):
        file.unlink()


def damage_a_key(installation: Installation) -> None:
    """Cut a key file short."""
    file = next((installation.folder / "keys").glob("rs256*"))
    file.write_bytes(file.read_bytes()[:100])


def open_the_keys_to_all(installation: Installation) -> None:
    """Let everybody on the machine read a key."""
    next((installation.folder / "keys").glob("es256*")).chmod(0o644)


def set_the_schema_back(installation: Installation) -> None:
    """Say that the database was last changed by an earlier program."""
    with closing(sqlite3.connect(installation.folder / "idp.sqlite3")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")


def misspell_a_client(installation: Installation) -> None:
    """Name a clients file with a redirect URI that no client may have."""
    file = installation.folder / "clients.toml"
    file.write_text('[[clients]]\nclient_id = "a"\nname = "A"\nredirect_uris = ["javascript:1"]\n')
    installation.write_settings(clients_file=str(file))


def name_a_false_bundle(installation: Installation) -> None:
    """Name a file of certificates that holds none: only building the application shows it."""
    (installation.folder / "bundle.pem").write_text("none")
    installation.write_settings(egress={"ca_bundle": str(installation.folder / "bundle.pem")})


REFUSED: dict[str, tuple[Spoil, int, list[str]]] = {
    "settings": (misspell_a_setting, 2, ["session.idle_lifetime", "limits.login"]),
    "no keys": (remove_the_keys, 1, ["RS256", "ES256", "idp keys"]),
    "damaged key": (damage_a_key, 1, ["rs256"]),
    "open key": (open_the_keys_to_all, 1, ["es256", "chmod"]),
    "old schema": (set_the_schema_back, 1, ["idp db upgrade"]),
    "client": (misspell_a_client, 1, ["clients.toml", "redirect_uris"]),
    "bundle": (name_a_false_bundle, 1, ["cannot be built", "ssl.SSLError", "egress.py"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_serve_is_a_sentence(installation: Installation, name: str) -> None:
    """Every fault is named, with its remedy; exit code 2 for settings, 1 for the rest."""
    spoil, exit_code, words = REFUSED[name]
    spoil(installation)
    ended = installation.run("serve")
    assert ended.returncode == exit_code
    assert ended.stderr.startswith("Error: ")
    assert all(word in ended.stderr for word in words), ended.stderr
    assert "Traceback" not in ended.stderr
    assert "worker" not in ended.stderr + ended.stdout


def test_second_server_on_a_port_is_refused(installation: Installation) -> None:
    """It would get half of the requests: the kernel lets two share a port in silence."""
    node = installation.serve()
    second = installation.run("serve")
    assert second.returncode == 1
    place, reason = f"{LOOPBACK}:{installation.port}", os.strerror(errno.EADDRINUSE)
    sentence = f"Error: cannot listen on {place}: {reason}. Is it running already?\n"
    assert second.stderr == sentence
    assert node.is_ready()


def test_database_that_is_away_prevents_no_start(installation: Installation) -> None:
    """It comes back by itself; until then sign-ins answer 503 and everything else goes on."""
    url = f"postgresql+psycopg://idp@{LOOPBACK}:{free_port()}/idp"
    installation.write_settings(database={"url": url})
    with installation.start() as process:
        process.wait_for_port(installation.port)
        assert "database.away" in process.output()


def test_worker_refuses_alike(installation: Installation) -> None:
    """`idp worker` without keys is a sentence too."""
    remove_the_keys(installation)
    ended = installation.run("worker")
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: cannot start:")
