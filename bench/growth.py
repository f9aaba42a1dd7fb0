"""`python -m bench.growth`: what operations cost with a million accounts and five million logins.

The rows are made inside the database, so the loader takes minutes, not hours. Then the same
operations are measured on the small database and on the large one, in turn.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine, create_engine, event, text

from bench.databases import find_databases
from bench.load import measure
from bench.operations import OPERATIONS
from bench.provider import prepare_provider

_console = Console(highlight=False)
_CHUNK = 250_000
_HOUR = 3600 * 1_000_000
_START = 1_700_000_000_000_000
"""A moment in microseconds since 1970: past logins lie behind it, an hour's thousand at a time."""

_FAR = 4_000_000_000_000_000
_SEQUENCE = """
WITH RECURSIVE seq(n) AS (
    SELECT CAST(:first AS BIGINT) UNION ALL SELECT n + 1 FROM seq WHERE n < :last
)"""

# What a practitioner leaves behind, and what a login does; n is the row's number.
_ACCOUNT_ROWS = (
    """
    INSERT INTO practitioners (finess, name, iban_digest, iban_key_version, updated_at)
    {sequence}
    SELECT 'G' || n, 'Cabinet ' || n, 'digest ' || n, 'version', {start} FROM seq
    """,
    """
    INSERT INTO accounts (sub, finess, state, email, email_verified_at, password_hash,
        password_changed_at, created_at, version)
    {sequence}
    SELECT 'sub ' || n, 'G' || n, 'active', n || '@example.org', {start}, 'hash',
        {start}, {start}, 1 FROM seq
    """,
)
_LOGIN_ROWS = (
    """
    INSERT INTO audit_events (id, at, name, finess, sub, network, details)
    {sequence}
    SELECT 'login ' || n, {start} + n * {hour} / 1000, 'login.succeeded',
        'G' || (n % {accounts}), 'sub ' || (n % {accounts}), '192.0.2.1', '{{}}' FROM seq
    """,
    """
    INSERT INTO grants (id, sub, client_id, sid, scope, authenticated_at, created_at,
        expires_at, code_digest, code_expires_at, code_used_at, redirect_uri, claims,
        refresh_generation, purge_at)
    {sequence}
    SELECT 'grant ' || n, 'sub ' || (n % {accounts}), 'bench', 'sid ' || n, 'openid', {start},
        {start}, {far}, 'code ' || n, {start}, {start}, 'https://a.example/', '', 1, {far} FROM seq
    """,
    """
    INSERT INTO sessions (sid, secret_digest, sub, authenticated_at, last_seen_at,
        idle_expires_at, expires_at, is_shared_computer, browser, network)
    {sequence}
    SELECT 'sid ' || n, 'secret ' || n, 'sub ' || (n % {accounts}), {start}, {start},
        {far}, {far}, {no}, '', '' FROM seq
    """,
)


def main() -> None:
    """Measure small, load, measure large, on each database."""
    options = _read_options()
    with tempfile.TemporaryDirectory(prefix="idp-growth-") as name, ExitStack() as stack:
        for database in find_databases(Path(name), stack):
            provider = prepare_provider(Path(name) / database.name, database.url)
            with provider.serve() as pid:
                roots = [pid, *database.roots]
                small = _measure_all(provider.port, roots, options.seconds)
            _load(database.url, accounts=options.accounts, logins=options.logins)
            with provider.serve() as pid:
                roots = [pid, *database.roots]
                large = _measure_all(provider.port, roots, options.seconds)
            _console.print(_build_table(database.name, small, large))


def _measure_all(port: int, roots: list[int], seconds: float) -> dict[str, float]:
    return {
        name: measure(name, make_step, port=port, roots=roots, browsers=4, seconds=seconds).cpu_ms
        for name, make_step in OPERATIONS.items()
    }


def _load(url: str, *, accounts: int, logins: int) -> None:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    for statements, total in ((_ACCOUNT_ROWS, accounts), (_LOGIN_ROWS, logins)):
        for first, last in _list_chunks(total):
            with engine.begin() as connection:
                _insert(connection, statements, (first, last), accounts)
            _console.print(f"[dim]{last:,} of {total:,} rows a table[/]")
    _analyze(engine)


def _insert(
    connection: Connection, statements: tuple[str, ...], numbers: tuple[int, int], accounts: int
) -> None:
    no = "0" if connection.dialect.name == "sqlite" else "false"
    for statement in statements:
        words = statement.format(
            sequence=_SEQUENCE, start=_START, far=_FAR, hour=_HOUR, accounts=accounts, no=no
        )
        connection.execute(text(words), {"first": numbers[0], "last": numbers[1]})


def _analyze(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _list_chunks(total: int) -> Iterator[tuple[int, int]]:
    for first in range(1, total + 1, _CHUNK):
        yield first, min(first + _CHUNK - 1, total)


def _build_table(name: str, small: dict[str, float], large: dict[str, float]) -> Table:
    table = Table(title=f"{name}: CPU ms an operation, before and after growth")
    for heading in ("operation", "small", "large", "ratio"):
        table.add_column(heading, justify="left" if heading == "operation" else "right")
    for operation, before in small.items():
        after = large[operation]
        table.add_row(operation, f"{before:.2f}", f"{after:.2f}", f"{after / before:.2f}")
    return table


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--logins", type=int, default=5_000_000)
    parser.add_argument("--seconds", type=float, default=5, help="for each operation")
    return parser.parse_args()


if __name__ == "__main__":
    main()
