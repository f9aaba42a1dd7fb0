"""The provider as operators run it: `idp serve` processes over one database, asked over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from idp.clock import SystemClock
from idp.settings import LimitSettings, load_settings
from tests.conftest import StartProcess
from tests.support.forms import FormReader
from tests.support.network import LOOPBACK, free_port
from tests.support.processes import PROGRAMS, Process
from tests.support.provider import WAITING_SITE, Provider
from tests.support.provider_app import PASSPHRASE, ProviderApp

Tables = Mapping[str, Any]
UNLIMITED = dict.fromkeys(LimitSettings.model_fields, "")
_TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass(frozen=True)
class PreparedForm:
    """What a browser that opened a form sends with it: the form's fields and its cookies."""

    fields: Mapping[str, str]
    cookies: str


@dataclass
class ServedProvider:
    """One installation; each of its nodes is an `idp serve` on a port of its own.

    `tables` are settings that differ from those here; limits by network are off unless given.
    """

    keys_folder: Path
    database_url: str
    start_process: StartProcess
    tables: Tables = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    @property
    def host(self) -> str:
        """The host of the issuer, whichever node is asked."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def settings(self) -> dict[str, Any]:
        """Every setting that is not a default, by table."""
        merged: dict[str, Any] = {
            "issuer": f"http://{self.host}",
            "environment": "demo",
            "database": {"url": self.database_url},
            "keys": {"folder": str(self.keys_folder), "passphrase": PASSPHRASE},
            "secrets": {"master": "m" * 32, "iban": "i" * 32},
            "server": {"runs_worker": "false", "metrics_port": "0"},
            "limits": UNLIMITED,
        }
        for name, table in self.tables.items():
            is_table = isinstance(table, Mapping)
            merged[name] = {**merged.get(name, {}), **table} if is_table else table
        return merged

    @property
    def environment(self) -> dict[str, str]:
        """The same as variables of the environment."""
        variables: dict[str, str] = {}
        for name, table in self.settings.items():
            if isinstance(table, Mapping):
                variables |= {f"IDP_{name}__{key}".upper(): str(table[key]) for key in table}
            else:
                variables[f"IDP_{name}".upper()] = str(table)
        return variables

    def prepare(self) -> Provider:
        """Return a provider over the same database in this process, to put people into it."""
        running = ProviderApp.start(load_settings(overrides=self.settings), WAITING_SITE)
        running.clock.moment = SystemClock().now()
        return Provider(running)

    def serve(self, port: int | None = None, *, workers: int = 1, **variables: str) -> "Node":
        """Start a node and return once it answers; `variables` are settings of its own."""
        node_port = port or self.port
        options = ["--port", str(node_port), "--workers", str(workers)]
        command = [str(PROGRAMS / "idp"), "serve", *options]
        process = self.start_process(command, environment={**self.environment, **variables})
        node = Node(process, node_port, self.host)
        process.wait_for(node.is_ready, timeout=60)
        return node


@dataclass(frozen=True)
class Node:
    """A running `idp serve`."""

    process: Process
    port: int
    host: str

    def ask(
        self,
        method: str,
        path: str,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request over a connection of its own, and follow nothing."""
        body = urlencode(data) if data is not None else None
        sent = {"Host": self.host, "Connection": "close"}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection(LOOPBACK, self.port, timeout=_TIMEOUT_SECONDS)
        try:
            connection.request(method, path, body=body, headers={**sent, **(headers or {})})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def is_ready(self) -> bool:
        """Say whether it answers that it can serve."""
        try:
            return self.ask("GET", "/readyz").status == 200
        except OSError:
            return False

    def open_form(self, path: str, button_id: str) -> PreparedForm:
        """Open a page in a new browser; return what its form with this button sends."""
        page = self.ask("GET", path)
        assert page.status == 200, page.text
        forms = FormReader(page.text).forms
        form = next(each for each in forms if any(b.id == button_id for b in each.buttons))
        cookies = [cookie.partition(";")[0] for cookie in page.headers.get_all("Set-Cookie") or ()]
        return PreparedForm(form.fields, "; ".join(cookies))

    def submit(self, path: str, form: PreparedForm, **typed: str) -> Answer:
        """Post a form that was opened before, on this node or another."""
        return self.ask("POST", path, {**form.fields, **typed}, {"Cookie": form.cookies})
