"""The application that is the floor: does the work that an address names, and checks nothing."""

import json
import os
import secrets
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import Engine, create_engine, event, text

from bench.relying_party import PASSWORD
from idp.accounts.argon2id import make_password_hasher
from idp.accounts.hashing import HashParameters

_URL = "BENCH_FLOOR_URL"
_CREATE = text("CREATE TABLE floor (id TEXT PRIMARY KEY, content TEXT NOT NULL)")
_READ = text("SELECT content FROM floor WHERE id = :id")
_WRITE = text("INSERT INTO floor (id, content) VALUES (:id, :content)")
_CONTENT = "x" * 200
_DEFAULTS = HashParameters(memory_kib=19456, time_cost=2)


def build_floor() -> Flask:
    """Return the application, over the database that its environment names."""
    app = Flask(__name__)
    key = RSAKey.generate_key(2048)
    engine = _make_engine(os.environ[_URL])
    hasher = make_password_hasher(_DEFAULTS.to_argon2())
    stored = hasher.hash(PASSWORD)
    # As the provider does: a thread that computes nothing else keeps its memory from hash to hash.
    hashing = ThreadPoolExecutor(1)

    @app.get("/work/<int:hashes>/<int:signatures>/<int:reads>/<int:writes>/<int:commits>")
    def work(hashes: int, signatures: int, reads: int, writes: int, commits: int) -> str:
        for _ in range(hashes):
            hashing.submit(hasher.verify, stored, PASSWORD).result()
        for _ in range(signatures):
            jwt.encode({"alg": "RS256"}, {"sub": _CONTENT}, key)
        _read(engine, reads)
        for _ in range(commits):
            _write(engine, writes // commits)
        return json.dumps({"ok": True})

    return app


def prepare_floor(url: str) -> Mapping[str, str]:
    """Make the floor's table in an empty database; return the environment of its processes."""
    engine = _make_engine(url)
    with engine.connect() as connection:
        connection.execute(_CREATE)
    engine.dispose()
    return {"PATH": os.defpath, _URL: url}


def _make_engine(url: str) -> Engine:
    """A read costs no BEGIN here, as it costs the provider none."""
    engine = create_engine(
        url, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True, pool_reset_on_return=None
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _use_wal)
    return engine


def _use_wal(connection: object, _: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def _read(engine: Engine, count: int) -> None:
    if count:
        with engine.connect() as connection:
            for number in range(count):
                connection.execute(_READ, {"id": str(number)}).one_or_none()


def _write(engine: Engine, count: int) -> None:
    """Insert rows in one transaction; a single one needs no BEGIN."""
    with engine.connect() as connection:
        if count > 1:
            connection.exec_driver_sql("BEGIN")
        for _ in range(count):
            connection.execute(_WRITE, {"id": secrets.token_hex(16), "content": _CONTENT})
        if count > 1:
            connection.exec_driver_sql("COMMIT")
