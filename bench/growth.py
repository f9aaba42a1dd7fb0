"""`python -m bench.growth`: what operations cost with a million accounts and five million logins.

A small and a large database are measured side by side, in turn, so that both see the same machine.
"""

import argparse
import os
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, text

from bench.charts.growth import draw_growth
from bench.charts.page import write_page
from bench.databases import DatabaseServer, add_databases_option, open_servers
from bench.load import measure
from bench.operations import OPERATIONS
from bench.past import Stretch, add_rows, open_to_fill
from bench.past_rows import LOGIN_ROWS, PRACTITIONER_ROWS
from bench.provider import prepare_provider
from bench.results import GrownOperation, Growth
from idp.clock import SystemClock

_console = Console(highlight=False)
_BROWSERS = 4
_TURN_SECONDS = 0.5
_CHUNK = 250_000
_PAST = timedelta(days=300)
"""How far the logins lie back: less than the audit trail is kept, for a purge would disturb."""

_STAYING = timedelta(days=1000)
_READ_BYTES = 1024 * 1024
_EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"


def measure_growth(
    databases: Sequence[DatabaseServer],
    folder: Path,
    *,
    accounts: int,
    logins: int,
    seconds: float,
) -> list[Growth]:
    """Measure each operation on a small and on a large database of each kind; tell the ratios."""
    found = []
    for database in databases:
        small = prepare_provider(folder / f"small-{database.kind}", database.create())
        url = database.create()
        large = prepare_provider(folder / f"large-{database.kind}", url)
        _fill(url, accounts=accounts, logins=logins)
        with ExitStack() as stack:
            servers = [
                (each.port, (stack.enter_context(each.serve()), *database.roots))
                for each in (small, large)
            ]
            operations = [_compare(name, servers, seconds) for name in OPERATIONS]
        found.append(
            Growth(kind=database.kind, accounts=accounts, logins=logins, operations=operations)
        )
        _console.print(_build_table(found[-1]))
    return found


def _compare(
    operation: str, servers: Sequence[tuple[int, Sequence[int]]], seconds: float
) -> GrownOperation:
    def cost(server: tuple[int, Sequence[int]]) -> float:
        port, roots = server
        return measure(
            operation,
            OPERATIONS[operation],
            port=port,
            roots=roots,
            browsers=_BROWSERS,
            seconds=_TURN_SECONDS,
        ).cpu_ms

    small, large = servers
    turns = [(cost(small), cost(large)) for _ in range(max(1, int(seconds / _TURN_SECONDS)))]
    grown = GrownOperation(operation=operation, turns=turns)
    _console.print(f"[dim]{operation}: {grown.small_ms:.2f} ms, {grown.ratio:.2f} times that[/]")
    return grown


def _fill(url: str, *, accounts: int, logins: int) -> None:
    engine = open_to_fill(url)
    began_at = SystemClock().now() - _PAST
    for tables, total in ((PRACTITIONER_ROWS, accounts), (LOGIN_ROWS, logins)):
        past = Stretch(
            first=1,
            last=total,
            begins_at=began_at,
            step=_PAST / total,
            accounts=accounts,
            life=_STAYING,
        )
        for piece in past.cut(_CHUNK):
            add_rows(engine, tables, piece)
            _console.print(f"[dim]{piece.last:,} of {total:,} rows in {', '.join(tables)}[/]")
    _tidy(engine)
    engine.dispose()


def _tidy(engine: Engine) -> None:
    """Have done before the measurement what would go on through it: to write all of this to disk.

    PostgreSQL's autovacuum would come by itself, too. It reads every page; SQLite's are read here,
    else the first visitors to each would pay for the disk.
    """
    is_postgresql = engine.dialect.name == "postgresql"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for act in ("VACUUM ANALYZE", "CHECKPOINT") if is_postgresql else (_EMPTY_LOG,):
            connection.execute(text(act))
    os.sync()
    if not is_postgresql:
        _read_through(Path(engine.url.database or ""))


def _read_through(file: Path) -> None:
    with file.open("rb", buffering=0) as pages:
        while pages.read(_READ_BYTES):
            pass


def _build_table(growth: Growth) -> Table:
    size = f"{growth.accounts:,} accounts and {growth.logins:,} logins"
    table = Table(title=f"{growth.kind}: CPU ms an operation, on a small database and with {size}")
    for heading in ("operation", "small", "large", "ratio"):
        table.add_column(heading, justify="left" if heading == "operation" else "right")
    for row in growth.operations:
        figures = (row.small_ms, row.large_ms, row.ratio)
        table.add_row(row.operation, *(f"{figure:.2f}" for figure in figures))
    return table


def main() -> None:
    """Read the options, measure, print, draw."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    add_databases_option(parser)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--logins", type=int, default=5_000_000)
    parser.add_argument("--seconds", type=float, default=10, help="for each operation and size")
    parser.add_argument("--picture", type=Path, default=Path("bench-growth.svg"))
    options = parser.parse_args()
    with open_servers(options.databases) as (folder, databases):
        growths = measure_growth(
            databases,
            folder,
            accounts=options.accounts,
            logins=options.logins,
            seconds=options.seconds,
        )
    write_page(options.picture, [draw_growth(growths)])


if __name__ == "__main__":
    main()
