"""An installation as an operator lays it: a settings file, keys, a database, and its nodes."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from idp.accounts.account import Account, AccountState
from idp.accounts.iban import make_suffix_digest
from idp.accounts.practitioner import Practitioner
from idp.app.keys import REQUIRED_ALGORITHMS
from idp.app.services import Built, build
from idp.clock import SystemClock
from idp.secret_values import random_id
from idp.settings import LimitSettings, load_settings
from idp.signing.files import FolderKeyStore
from idp.signing.key_changes import KeyKeeper
from tests.conftest import StartProcess, upgrade_schema
from tests.support.network import LOOPBACK, free_port
from tests.support.processes import PROGRAMS, REPOSITORY, Process
from tests.support.protocol_house import SITE
from tests.support.provider import PASSWORD, SUFFIX
from tests.support.provider_app import PASSPHRASE
from tests.support.served_provider import Node
from tests.support.signing import POLICY, AuditList

Tables = Mapping[str, Any]
UNLIMITED = dict.fromkeys(LimitSettings.model_fields, "")


@dataclass
class Installation:
    """Files in a folder; `tables` are settings that differ from those here."""

    folder: Path
    start_process: StartProcess
    tables: Tables = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    metrics_port: int = field(default_factory=free_port)

    @property
    def issuer(self) -> str:
        """Its issuer: that of the settings, else http on loopback."""
        return str(self.tables.get("issuer", f"http://{LOOPBACK}:{self.port}"))

    def write_settings(self, name: str = "settings.toml", **tables: Any) -> Path:  # noqa: ANN401 - any setting
        """Write a settings file; `tables` are those of this file alone."""
        values: dict[str, Any] = {
            "issuer": self.issuer,
            "environment": "demo",
            "server": {"port": self.port, "workers": 1, "metrics_port": self.metrics_port},
            "database": {"url": f"sqlite:///{self.folder}/idp.sqlite3"},
            "keys": {"folder": str(self.folder / "keys"), "passphrase": PASSPHRASE},
            "secrets": {"master": ["m" * 32], "iban": ["i" * 32]},
            "limits": UNLIMITED,
        }
        for given in (self.tables, tables):
            for table, value in given.items():
                is_table = isinstance(value, Mapping)
                values[table] = {**values.get(table, {}), **value} if is_table else value
        file = self.folder / name
        file.write_text(write_toml(values), "utf-8")
        return file

    def prepare(self) -> None:
        """Write the settings, make the keys, lay the schema, register SITE."""
        settings = load_settings(self.write_settings())
        store = FolderKeyStore(settings.keys.folder, passphrase=PASSPHRASE, rsa_bits=2048)
        keeper = KeyKeeper(store, policy=POLICY, clock=SystemClock(), audit=AuditList())
        keeper.make_first_keys(REQUIRED_ALGORITHMS)
        upgrade_schema(settings.database.url.get_secret_value())
        self.register_site()

    def register_site(self) -> None:
        """Register SITE."""
        with self.open_inside() as built, built.open_unit() as unit:
            unit.clients.save(SITE)
            unit.commit()

    @contextmanager
    def open_inside(self) -> Iterator[Built]:
        """Build the provider in this process, to look at its rows and change them."""
        built = build(load_settings(self.folder / "settings.toml"), SystemClock())
        yield built
        built.database.close()

    def add_practitioners(self, numbers: range, *, have_accounts: bool) -> None:
        """Put practitioners into the directory, with an account that PASSWORD opens or without."""
        with self.open_inside() as built, built.open_unit() as unit:
            now = built.services.clock.now()
            password_hash = built.services.tools.hasher.hash(PASSWORD)
            for finess in map(name_practitioner, numbers):
                digest = make_suffix_digest(built.services.tools.iban_keys, finess, SUFFIX)
                unit.practitioners.save(
                    Practitioner(
                        finess=finess,
                        name=f"Cabinet {finess}",
                        iban_digest=digest.digest,
                        iban_key_version=digest.key_version,
                        updated_at=now,
                    )
                )
                if have_accounts:
                    account = Account(
                        sub=random_id(),
                        finess=finess,
                        state=AccountState.ACTIVE,
                        email=name_address(finess),
                        email_verified_at=now,
                        password_hash=password_hash,
                        password_changed_at=now,
                        created_at=now,
                    )
                    assert unit.accounts.add(account)
            unit.commit()

    def start(self, settings: Path | None = None, *words: str | Path) -> Process:
        """Start `idp serve`, or another command of `idp`, and return at once."""
        file = settings or self.folder / "settings.toml"
        return self.start_process([PROGRAMS / "idp", "--config", file, *(words or ("serve",))])

    def serve(self, settings: Path | None = None, *, port: int | None = None) -> Node:
        """Start a node and return once it is ready."""
        host = self.issuer.partition("://")[2]
        node = Node(self.start(settings), port or self.port, host)
        node.process.wait_for(node.is_ready, timeout=60)
        return node

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of `idp` to its end."""
        return subprocess.run(
            [PROGRAMS / "idp", "--config", self.folder / "settings.toml", *words],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def run_python(self, program: str) -> subprocess.CompletedProcess[str]:
        """Run a Python program to its end, which finds the settings by `IDP_CONFIG`."""
        return subprocess.run(
            [sys.executable, "-c", program],
            env={"IDP_CONFIG": str(self.folder / "settings.toml")},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def with_tables(self, **tables: Any) -> "Installation":  # noqa: ANN401 - any setting
        """Return the same installation with these settings too."""
        return replace(self, tables={**self.tables, **tables})


def name_practitioner(number: int) -> str:
    """Return the FINESS number of a made-up practitioner."""
    return f"99{number:07d}"


def name_address(finess: str) -> str:
    """Return the address of a made-up practitioner."""
    return f"cabinet-{finess}@orange.example"


def write_toml(values: Tables) -> str:
    """Return settings as TOML; JSON strings, numbers and lists are TOML too."""
    top = {name: value for name, value in values.items() if not isinstance(value, Mapping)}
    lines = [f"{name} = {json.dumps(value)}" for name, value in top.items()]
    for table in values.keys() - top.keys():
        lines += [f"[{table}]", *(f"{name} = {json.dumps(x)}" for name, x in values[table].items())]
    return "\n".join(lines) + "\n"
