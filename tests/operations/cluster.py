"""Two nodes behind nginx, over one PostgreSQL, one Redis and one folder of keys."""

import json
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Self, Unpack

import psycopg

from tests.operations.installation import Installation
from tests.operations.nginx import Nginx
from tests.support.network import free_port
from tests.support.postgresql import PostgresqlServer
from tests.support.processes import Process, ProcessOptions
from tests.support.redis_server import RedisServer
from tests.support.smtp_server import SmtpServer

GENEROUS = dict.fromkeys(("login", "registration", "authorize", "token"), "100000 per minute")
"""Limits that nobody reaches; so each request is counted, in Redis."""


class Cluster:
    """The parts, each of which can be ended and started; every node has its own settings file."""

    def __init__(self, folder: Path) -> None:
        self._parts = ExitStack()
        self._folder = folder
        self.processes: list[Process] = []
        self.postgresql = self._parts.enter_context(closing(PostgresqlServer(is_durable=True)))
        self.database_url = self.postgresql.url(self.postgresql.create_database())
        self.redis = RedisServer(folder)
        self._parts.callback(self.redis.stop)
        self.mails = SmtpServer()
        self._parts.callback(self.mails.stop)
        self._ports = (free_port(), free_port())
        self.nginx = self._parts.enter_context(closing(Nginx(self._ports)))
        self.installation = self._lay_installation()
        self.nginx.start(self._start_process)
        self.nodes = [
            self.installation.serve(self._write_settings(n), port=p)
            for n, p in enumerate(self._ports)
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._parts.close()

    def start(self, number: int) -> None:
        """Start a node that was ended, and return once it is ready."""
        file, port = self._write_settings(number), self._ports[number]
        self.nodes[number] = self.installation.serve(file, port=port)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the database."""
        address = self.database_url.replace("+psycopg", "")
        with psycopg.connect(address) as connection:
            return connection.execute(statement.encode()).fetchall()

    def count(self, rows: str) -> int:
        """Count rows: "sessions", or "grants WHERE revoked_at IS NULL"."""
        ((number,),) = self.query(f"SELECT count(*) FROM {rows}")  # noqa: S608 - a test's own words
        return int(number)

    def read_logs(self) -> list[dict[str, Any]]:
        """Return every line that a node logged, killed ones too."""
        lines = [line for each in self.processes for line in each.output().splitlines()]
        return [json.loads(line) for line in lines if "granian" not in line]

    def _lay_installation(self) -> Installation:
        folder = self._folder / "idp"
        folder.mkdir(mode=0o700)
        tables = {
            "issuer": self.nginx.issuer,
            "environment": "production",
            "database": {"url": self.database_url},
            "redis": {"url": self.redis.url},
            "mail": {"port": self.mails.port, "timeout": "1 s"},
            "outbox": {"poll_interval": "1 s", "lease": "10 s"},
            "limits": GENEROUS,
        }
        installation = Installation(folder, self._start_process, tables)
        installation.prepare()
        return installation

    def _write_settings(self, number: int) -> Path:
        server = {
            "port": self._ports[number],
            "workers": 2,
            "trusted_proxies": 1,
            "metrics_port": free_port(),
        }
        return self.installation.write_settings(f"node-{number}.toml", server=server)

    def _start_process(
        self, command: Sequence[str | Path], **options: Unpack[ProcessOptions]
    ) -> Process:
        log = self._folder / f"process-{len(self.processes)}.log"
        process = self._parts.enter_context(Process(command, log=log, **options))
        self.processes.append(process)
        return process
