"""`make bench`: measure each operation on each database, beside the floor, and draw it."""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.chart import draw_chart
from bench.databases import find_databases
from bench.floor import COSTS, make_floor_step, serve_floor
from bench.load import Measured, measure
from bench.operations import OPERATIONS, MakeStep
from bench.processes import memory_mib
from bench.provider import prepare_provider

_console = Console(highlight=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Something that runs and is measured."""

    name: str
    port: int
    roots: list[int]
    steps: dict[str, MakeStep]


def main() -> None:
    """Read the options, measure, print, draw."""
    options = _read_options()
    with tempfile.TemporaryDirectory(prefix="idp-bench-") as name, ExitStack() as stack:
        servers = list(_start_servers(Path(name), stack))
        idle = {server.name: memory_mib(server.roots[0]) for server in servers}
        results: dict[str, list[Measured]] = {server.name: [] for server in servers}
        for operation in options.operations:
            for server in servers:
                measured = measure(
                    operation,
                    server.steps[operation],
                    port=server.port,
                    roots=server.roots,
                    browsers=options.browsers,
                    seconds=options.seconds,
                )
                results[server.name].append(measured)
                _console.print(f"[dim]{operation} on {server.name}: {measured.cpu_ms:.2f} ms[/]")
        busy = {server.name: memory_mib(server.roots[0]) for server in servers}
    for server_name, rows in results.items():
        _console.print(_build_table(server_name, rows))
        _console.print(f"memory: {idle[server_name]:.0f} MiB idle, {busy[server_name]:.0f} after\n")
    options.picture.write_text(draw_chart(results), "utf-8")
    _console.print(f"drawn: {options.picture}")


def _start_servers(folder: Path, stack: ExitStack) -> Iterator[Server]:
    for database in find_databases(folder, stack):
        provider = prepare_provider(folder / database.name, database.url)
        roots = [stack.enter_context(provider.serve()), *database.roots]
        yield Server(name=database.name, port=provider.port, roots=roots, steps=OPERATIONS)
    port, pid = stack.enter_context(
        serve_floor(folder / "floor", f"sqlite:///{folder}/floor.sqlite3")
    )
    steps = {name: make_floor_step(cost) for name, cost in COSTS.items()}
    yield Server(name="floor", port=port, roots=[pid], steps=steps)


def _build_table(name: str, rows: Sequence[Measured]) -> Table:
    table = Table(title=name)
    for heading in ("operation", "CPU ms", "per second", "p50 ms", "p95 ms", "p99 ms"):
        table.add_column(heading, justify="left" if heading == "operation" else "right")
    for row in rows:
        figures = (row.cpu_ms, row.per_second, row.p50, row.p95, row.p99)
        table.add_row(row.operation, *(f"{figure:.2f}" for figure in figures))
    return table


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5, help="for each operation and server")
    parser.add_argument("--browsers", type=int, default=8, help="that work at the same time")
    parser.add_argument("--operations", nargs="+", default=list(OPERATIONS), choices=OPERATIONS)
    parser.add_argument("--picture", type=Path, default=Path("bench.svg"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
