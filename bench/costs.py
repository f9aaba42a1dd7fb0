"""`python -m bench.costs`: what each operation costs on each database, beside its floor."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.charts.costs import draw_costs
from bench.charts.page import write_page
from bench.databases import DatabaseServer, add_databases_option, open_servers
from bench.floor import COSTS, make_floor_step, serve_floor
from bench.load import Measured, measure
from bench.operations import OPERATIONS, MakeStep
from bench.processes import memory_mib
from bench.provider import prepare_provider
from bench.results import ServerCosts

_console = Console(highlight=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Server:
    """Something that runs; its own tree of processes is that of the first of `roots`."""

    name: str
    port: int
    roots: Sequence[int]
    steps: dict[str, MakeStep]


def measure_costs(
    databases: Sequence[DatabaseServer], folder: Path, *, browsers: int, seconds: float
) -> list[ServerCosts]:
    """Measure every operation on every server, these in turn; tell what was found.

    So many browsers repeat an operation at the same time, for so long.
    """
    with ExitStack() as stack:
        servers = [
            server
            for database in databases
            for server in _start_servers(database, folder / f"costs-{database.kind}", stack)
        ]
        idle = [memory_mib(server.roots[0]) for server in servers]
        rows = [
            [_measure(operation, server, browsers=browsers, seconds=seconds) for server in servers]
            for operation in OPERATIONS
        ]
        busy = [memory_mib(server.roots[0]) for server in servers]
    found = [
        ServerCosts(server=server.name, operations=operations, idle_mib=before, busy_mib=after)
        for server, operations, before, after in zip(
            servers, zip(*rows, strict=True), idle, busy, strict=True
        )
    ]
    for costs in found:
        _tell(costs)
    return found


def _start_servers(database: DatabaseServer, folder: Path, stack: ExitStack) -> Iterator[_Server]:
    folder.mkdir()
    provider = prepare_provider(folder / "provider", database.create())
    yield _Server(
        name=database.kind,
        port=provider.port,
        roots=(stack.enter_context(provider.serve()), *database.roots),
        steps=OPERATIONS,
    )
    port, pid = stack.enter_context(serve_floor(folder / "floor", database.create()))
    yield _Server(
        name=f"floor-{database.kind}",
        port=port,
        roots=(pid, *database.roots),
        steps={name: make_floor_step(cost) for name, cost in COSTS.items()},
    )


def _measure(operation: str, server: _Server, *, browsers: int, seconds: float) -> Measured:
    measured = measure(
        operation,
        server.steps[operation],
        port=server.port,
        roots=server.roots,
        browsers=browsers,
        seconds=seconds,
    )
    _console.print(f"[dim]{operation} on {server.name}: {measured.cpu_ms:.2f} ms[/]")
    return measured


def _tell(costs: ServerCosts) -> None:
    table = Table(title=costs.server)
    for heading in ("operation", "CPU ms", "per second", "p50 ms", "p95 ms", "p99 ms"):
        table.add_column(heading, justify="left" if heading == "operation" else "right")
    for row in costs.operations:
        figures = (row.cpu_ms, row.per_second, row.p50, row.p95, row.p99)
        table.add_row(row.operation, *(f"{figure:.2f}" for figure in figures))
    _console.print(table)
    _console.print(f"memory: {costs.idle_mib:.0f} MiB idle, {costs.busy_mib:.0f} after\n")


def main() -> None:
    """Read the options, measure, print, draw."""
    parser = argparse.ArgumentParser(prog="python -m bench.costs", description=__doc__)
    add_databases_option(parser)
    parser.add_argument("--seconds", type=float, default=5, help="for each operation and server")
    parser.add_argument("--browsers", type=int, default=8, help="that work at the same time")
    parser.add_argument("--picture", type=Path, default=Path("bench-costs.svg"))
    options = parser.parse_args()
    with open_servers(options.databases) as (folder, databases):
        costs = measure_costs(databases, folder, browsers=options.browsers, seconds=options.seconds)
    write_page(options.picture, [draw_costs(costs)])


if __name__ == "__main__":
    main()
