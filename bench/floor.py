"""The floor: what an operation's requests, hashes, signatures and statements cost by themselves.

A bare Flask application on the same server and database, which checks nothing. One path does the
work that its address names; an operation is so many requests, the last of which does it all.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from joserfc import jwt
from joserfc.jwk import RSAKey
from nacl.pwhash import argon2id
from sqlalchemy import Engine, create_engine, event, text

from bench.browser import PASSWORD, Browser
from bench.operations import MakeStep, Step
from bench.processes import free_port, run_server

_HASH = "BENCH_FLOOR_HASH"
_URL = "BENCH_FLOOR_URL"
_MEMORY_BYTES = 19456 * 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """What one operation consists of; the counts are those that the tests assert."""

    requests: int
    hashes: int = 0
    signatures: int = 0
    reads: int = 0
    writes: int = 0


COSTS: dict[str, Cost] = {
    "login": Cost(requests=6, hashes=1, signatures=1, reads=6, writes=4),
    "sso": Cost(requests=2, signatures=1, reads=2, writes=2),
    "refresh": Cost(requests=1, signatures=1, reads=1, writes=1),
    "introspect": Cost(requests=1, reads=1),
    "userinfo": Cost(requests=1, reads=1),
    "discovery": Cost(requests=1),
}


def build_floor() -> Flask:
    """Return the application; settings come from the environment of its processes."""
    app = Flask(__name__)
    key = RSAKey.generate_key(2048)
    engine = _make_engine(os.environ[_URL])
    stored = os.environ[_HASH].encode()

    @app.get("/work/<int:hashes>/<int:signatures>/<int:reads>/<int:writes>")
    def work(hashes: int, signatures: int, reads: int, writes: int) -> str:
        for _ in range(hashes):
            argon2id.verify(stored, PASSWORD.encode())
        for _ in range(signatures):
            jwt.encode({"alg": "RS256"}, {"sub": "x" * 200}, key)
        _read(engine, reads)
        _write(engine, writes)
        return json.dumps({"ok": True})

    return app


def make_floor_step(cost: Cost) -> MakeStep:
    """Return what makes the step of an operation of this cost."""
    last = f"/work/{cost.hashes}/{cost.signatures}/{cost.reads}/{cost.writes}"
    paths = ["/work/0/0/0/0"] * (cost.requests - 1) + [last]

    def make(port: int, _: int) -> Step:
        browser = Browser(port)

        def step() -> object:
            return [browser.get(path) for path in paths]

        return step

    return make


@contextmanager
def serve_floor(folder: Path, database_url: str) -> Iterator[tuple[int, int]]:
    """Run the floor as the provider is run; yields port and process id."""
    folder.mkdir(mode=0o700)
    port = free_port()
    hashed = argon2id.str(PASSWORD.encode(), opslimit=2, memlimit=_MEMORY_BYTES).decode()
    with _make_engine(database_url).begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS floor (id INTEGER PRIMARY KEY, n INT)"))
    command = [
        *(str(Path(sys.executable).parent / "granian"), "--interface", "wsgi"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "2"),
        *("--blocking-threads", "4", "--no-ws", "--factory", "bench.floor:build_floor"),
    ]
    environment = {"PATH": os.defpath, _URL: database_url, _HASH: hashed}
    with run_server(command, port=port, log=folder / "log", environment=environment) as pid:
        yield port, pid


def _make_engine(url: str) -> Engine:
    engine = create_engine(url, pool_size=8)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _use_wal)
    return engine


def _use_wal(connection: object, _: object) -> None:
    run: Callable[[str], object] = connection.execute  # type: ignore[attr-defined]
    run("PRAGMA journal_mode=WAL")
    run("PRAGMA synchronous=NORMAL")


def _read(engine: Engine, count: int) -> None:
    if count:
        with engine.connect() as connection:
            for number in range(count):
                connection.execute(
                    text("SELECT n FROM floor WHERE id = :id"), {"id": number}
                ).one_or_none()


def _write(engine: Engine, count: int) -> None:
    for number in range(count):
        with engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO floor (id, n) VALUES (:id, 1) "
                    "ON CONFLICT (id) DO UPDATE SET n = floor.n + 1"
                ),
                {"id": hash((os.getpid(), number)) % 10_000},
            )
