"""Attack case C104: what people typed and what they were given is found where it may be alone.

Everything happens once, the least grave line is logged, and then logs, metrics, pages, database,
outbox and the command line are searched for what was planted.
"""

import io
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from prometheus_client import generate_latest

from idp.app.background import build_background
from idp.outbound.logs import configure_logging
from tests.attacks.conftest import StartProvider
from tests.attacks.operations.canary_life import EMAIL, NEW_EMAIL, PASSWORD, WRONG, CanaryLife
from tests.attacks.people import dump_rows
from tests.support.admin_program import AdminProgram
from tests.support.processes import PROGRAMS
from tests.support.provider import FINESS
from tests.support.provider_app import PASSPHRASE, make_keys_folder
from tests.support.smtp_server import SmtpServer

COMMANDS = (
    ("accounts", "show", FINESS),
    ("accounts", "timeline", FINESS),
    ("practitioners", "show", FINESS),
    ("audit", "tail"),
    ("audit", "search", "--finess", FINESS),
    ("mail", "list"),
    ("keys", "list"),
    ("clients", "list"),
    ("clients", "show", "site"),
    ("db", "check"),
)
STATUSES = {200, 303, 400, 401, 403, 404, 405, 410, 413, 422, 429, 500, 503}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged, down to the least grave; how logging was before comes back after."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, sys.excepthook, threading.excepthook
    yield io.StringIO()
    root.handlers[:], level, sys.excepthook, threading.excepthook = before
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def keys_folder(tmp_path: Path) -> Path:
    """Keys of this test alone: the schedule rotates them."""
    return make_keys_folder(tmp_path / "keys", ("RS256", "ES256"))


@pytest.fixture
def life(start_provider: StartProvider, smtp_server: SmtpServer, log: io.StringIO) -> CanaryLife:
    """A provider in which everything happened, its last mails refused by the mail server."""
    mail = {"host": smtp_server.host, "port": smtp_server.port, "admins": "admin@house.example"}
    provider = start_provider(mail=mail, passwords={"hash_slots": 1, "hash_queue": 0})
    configure_logging(provider.clock, level="DEBUG", stream=log)
    life = CanaryLife(provider)
    life.live()
    smtp_server.refusal = f"550 5.1.1 <{NEW_EMAIL}>: no such mailbox"
    build_background(provider.running.built).run_once()
    return life


def plant_keys(life: CanaryLife, settings_secrets: tuple[str, ...]) -> None:
    """Plant what lies outside the database: the settings' secrets and the signing keys."""
    for secret in settings_secrets:
        life.canaries.plant("setting", secret)
    for each in life.provider.running.built.live_keys.ring().lives:
        private_key = each.key.material.private_key
        pem = private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        life.canaries.plant("private key", pem.splitlines()[2])


def run_commands(config: Path) -> str:
    """Run the commands that show what there is; return all they printed."""
    program = AdminProgram(config)
    printed = [program.run(*words).output for words in COMMANDS]
    program.toolbox.close()
    return "\n".join(printed)


def write_config(config: Path, *, keys_folder: Path, database_url: str) -> Path:
    """Write the settings of the same provider as a file."""
    config.write_text(
        f"""
        issuer = "https://connexion.example"
        database.url = {json.dumps(database_url)}
        secrets.master = ["{"m" * 32}"]
        secrets.iban = ["{"i" * 32}"]
        keys.folder = {json.dumps(str(keys_folder))}
        keys.passphrase = {json.dumps(PASSPHRASE)}
        """
    )
    return config


def test_c104_canaries(
    life: CanaryLife, log: io.StringIO, keys_folder: Path, database_url: str, tmp_path: Path
) -> None:
    """C104: no secret in logs, metrics, pages of others, rows or commands; logs name nobody."""
    plant_keys(life, ("m" * 32, "i" * 32, PASSPHRASE))
    built = life.provider.running.built
    metrics = generate_latest(built.registry).decode()
    config = write_config(
        tmp_path / "settings.toml", keys_folder=keys_folder, database_url=database_url
    )
    places = {
        "log": log.getvalue(),
        "metrics": metrics,
        "rows": dump_rows(life.provider),
        "commands": run_commands(config),
    }
    routes = {rule.rule for rule in life.provider.running.app.url_map.iter_rules()}
    assert [route for route in routes if f'route="{route}"' not in metrics] == []
    assert [status for status in STATUSES if f'status="{status}"' not in metrics] == []
    assert len(life.canaries.secrets) > 50
    leaks = {place: life.canaries.find_in(text) for place, text in places.items()}
    assert leaks == {place: [] for place in places}
    for place in ("log", "metrics"):
        for person in (FINESS, EMAIL, NEW_EMAIL):
            assert person not in places[place]
    assert "RuntimeError" in places["log"]


def test_c104_typed_passwords_are_on_no_page(life: CanaryLife) -> None:
    """C104: whatever was typed as a password is in no answer."""
    bodies = "\n".join(life.recorder.bodies)
    assert PASSWORD not in bodies
    assert WRONG not in bodies
    found = life.canaries.find_in(bodies)
    assert any(name.startswith("access_token") for name in found), "the search itself is blind"


@pytest.mark.parametrize("variable", ["SECRETS__MASTER", "KEYS__PASSPHRASE", "DATABASE__URL"])
def test_c104_refused_start(variable: str) -> None:
    """C104: a setting that is refused is named, not shown, and no traceback shows it either."""
    canary = "postgresql://idp:canary-secret@/x?y=%zz" if "URL" in variable else "canary-secret"
    result = subprocess.run(
        [PROGRAMS / "idp", "serve"],
        env={"PATH": os.defpath, f"IDP_{variable}": canary},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert "canary-secret" not in result.stdout + result.stderr
    assert "Traceback" not in result.stderr
