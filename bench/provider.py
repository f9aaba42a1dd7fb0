"""A provider to measure: its settings, its database with accounts, its process."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.operations import ACCOUNTS, name_account
from bench.processes import free_port, run_server
from bench.relying_party import CLIENT_ID, CLIENT_SECRET, PASSWORD, REDIRECT_URI
from idp import secret_values
from idp.accounts.account import Account, AccountState
from idp.accounts.practitioner import Practitioner
from idp.app.services import Built, build
from idp.clock import SystemClock
from idp.protocol.client import Client, ClientSecret
from idp.settings import load_settings
from idp.store.unit_of_work import SqlUnitOfWork

_PROGRAM = str(Path(sys.executable).parent / "idp")
_SETTINGS = """
issuer = "http://127.0.0.1:{port}"
environment = "demo"
[server]
port = {port}
metrics_port = 0
[database]
url = "{url}"
[keys]
folder = "{folder}/keys"
passphrase = "{secret}"
[secrets]
master = ["{secret}"]
iban = ["{secret}"]
[lockout]
network_logins_per_hour = 1000000
[limits]
login = ""
registration = ""
reset = ""
authorize = ""
token = ""
"""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a provider's settings are; `port` is the one it serves on."""

    folder: Path
    port: int

    @property
    def settings_file(self) -> Path:
        """The operator's file of this provider."""
        return self.folder / "settings.toml"

    @contextmanager
    def serve(self) -> Iterator[int]:
        """Run `idp serve`; yields its process id."""
        command = [_PROGRAM, "--config", str(self.settings_file), "serve"]
        log = self.folder / "log"
        with run_server(command, port=self.port, log=log, environment=_environment()) as pid:
            yield pid

    def build(self) -> Built:
        """Return its parts, to be used from here; whoever asks closes the database."""
        return build(load_settings(self.settings_file), SystemClock())


def prepare_provider(folder: Path, database_url: str) -> Provider:
    """Make a provider with a client and accounts in an empty database."""
    folder.mkdir(mode=0o700)
    provider = Provider(folder, free_port())
    secret = f"demo-{secret_values.random_token()}"
    provider.settings_file.write_text(
        _SETTINGS.format(port=provider.port, url=database_url, folder=folder, secret=secret),
        "utf-8",
    )
    for words in (("db", "upgrade"), ("keys", "init")):
        subprocess.run(
            [_PROGRAM, "--config", str(provider.settings_file), *words],
            check=True,
            env=_environment(),
            capture_output=True,
        )
    _add_accounts(provider)
    return provider


def _add_accounts(provider: Provider) -> None:
    built = provider.build()
    now = built.services.clock.now()
    hasher = built.services.tools.hasher
    with hasher.slots.take():
        password_hash = hasher.hash(PASSWORD)
    with built.open_unit() as unit:
        _add_client(unit, now)
        for number in range(ACCOUNTS):
            _add_account(unit, name_account(number), password_hash=password_hash, now=now)
        unit.commit()
    built.database.close()


def _add_client(unit: SqlUnitOfWork, now: datetime) -> None:
    secret = ClientSecret(digest=secret_values.digest(CLIENT_SECRET), created_at=now)
    unit.clients.save(
        Client(
            client_id=CLIENT_ID,
            name="Bench",
            redirect_uris=(REDIRECT_URI,),
            secrets=(secret,),
            scopes=("openid", "profile", "email"),
            grant_types=("authorization_code", "refresh_token"),
            is_first_party=True,
        )
    )


def _add_account(unit: SqlUnitOfWork, finess: str, *, password_hash: str, now: datetime) -> None:
    unit.practitioners.save(Practitioner(finess=finess, name=f"Cabinet {finess}", updated_at=now))
    unit.accounts.add(
        Account(
            sub=secret_values.random_id(),
            finess=finess,
            state=AccountState.ACTIVE,
            email=f"{finess}@example.org",
            email_verified_at=now,
            password_hash=password_hash,
            password_changed_at=now,
            created_at=now,
        )
    )


def _environment() -> Mapping[str, str]:
    return {"PATH": os.defpath, "LANG": "C.UTF-8"}
