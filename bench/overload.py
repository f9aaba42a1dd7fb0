"""`python -m bench.overload`: sign-ins at twice the rate that can be served, for a minute.

What should hold: goodput stays within a tenth of the peak, the excess is answered 503 or 429 at
once, whoever asks for discovery, keys or tokens hardly notices, and all is well right afterwards.
"""

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.charts.overload import draw_overload
from bench.charts.page import write_page
from bench.crowd import Crowd
from bench.databases import DatabaseServer, add_databases_option, open_servers
from bench.probes import PROBES, Probe, probing
from bench.processes import cpu_seconds
from bench.provider import prepare_provider
from bench.results import Overload
from bench.samples import REFUSALS, SIGN_IN, Phase, find_percentile

_console = Console(highlight=False)
_WARM_UP_SECONDS = 2
_PEAK_SIZE = 8
"""Browsers at work that keep the server busy without a queue that it would refuse."""

_FLOOD_SIZE = 64


def measure_overload(
    databases: Sequence[DatabaseServer], folder: Path, *, seconds: int
) -> list[Overload]:
    """On each database find the peak, offer twice that for so long, and look what follows."""
    found = []
    for database in databases:
        provider = prepare_provider(folder / f"overload-{database.kind}", database.create())
        with provider.serve() as pid, probing(provider.port) as probes:
            _console.print(f"[dim]overload on {database.kind}: {round(1.75 * seconds)} seconds[/]")
            load = _Load(provider.port, (pid, *database.roots))
            found.append(_run(load, probes, kind=database.kind, seconds=seconds))
        _tell(found[-1])
    return found


class _Load:
    """Crowds that follow one another without a pause, whoever still waits for an answer."""

    def __init__(self, port: int, roots: Sequence[int]) -> None:
        """Warm the server up; time begins after that."""
        self._port = port
        self._roots = roots
        Crowd(port, size=_PEAK_SIZE, until=time.monotonic() + _WARM_UP_SECONDS).join()
        self.began = time.monotonic()
        self.crowds: list[Crowd] = []

    def offer(self, name: str, *, seconds: int, rate: float | None = None) -> Phase:
        """Let a crowd sign in for so long: as fast as a small one can, or many at a rate."""
        begins = time.monotonic() - self.began
        until = self.began + begins + seconds
        busy = self._read_cpu()
        size = _FLOOD_SIZE if rate else _PEAK_SIZE
        self.crowds.append(Crowd(self._port, size=size, until=until, rate=rate))
        time.sleep(max(0.0, until - time.monotonic()))
        busy = self._read_cpu() - busy
        return Phase(name, begins, begins + seconds, busy / seconds)

    def _read_cpu(self) -> float:
        return sum(cpu_seconds(root) for root in self._roots)


def _run(load: _Load, probes: Sequence[Probe], *, kind: str, seconds: int) -> Overload:
    aside = max(1, seconds // 4)
    before = load.offer("peak", seconds=aside)
    rate = before.rate(load.crowds[0].samples)
    flood = load.offer("double", seconds=seconds, rate=2 * rate)
    after = load.offer("after", seconds=aside)
    again = load.offer("peak again", seconds=aside)
    seen = [sample for crowd in load.crowds for sample in crowd.join()]
    seen += [sample for probe in probes for sample in probe.stop()]
    samples = [replace(sample, at=sample.at - load.began) for sample in seen]
    return Overload(
        kind=kind, before=before, flood=flood, after=after, again=again, samples=samples
    )


def _tell(overload: Overload) -> None:
    _console.print(_build_table(overload))
    p50, p99 = (find_percentile(overload.refused_by_flood, percent) for percent in (50, 99))
    _console.print(
        f"under overload {overload.goodput_kept:.0%} of the peak came through; refusals took "
        f"{p50:.0f} ms (p50), {p99:.0f} ms (p99); nine tenths of the peak again within "
        f"{overload.recovery_seconds} s"
    )
    for phase in overload.phases:
        ends = Counter(f"{x.kind}: {x.outcome}" for x in phase.pick(overload.samples))
        _console.print(f"[dim]{phase.name}: {dict(ends)}[/]")


def _build_table(overload: Overload) -> Table:
    table = Table(title=f"{overload.kind}: sign-ins a second, and p99 of what is asked beside them")
    for heading in ("phase", "offered", "signed in", "refused", "cores", *PROBES):
        table.add_column(heading, justify="left" if heading == "phase" else "right")
    for phase in overload.phases:
        refused = phase.rate(phase.pick(overload.samples, SIGN_IN, *REFUSALS))
        rates = (overload.offered(phase), overload.goodput(phase), refused, phase.cores)
        slowest = (find_percentile(phase.pick(overload.samples, kind), 99) for kind in PROBES)
        table.add_row(
            phase.name, *(f"{rate:.1f}" for rate in rates), *(f"{ms:.0f} ms" for ms in slowest)
        )
    return table


def main() -> None:
    """Read the options, measure, print, draw."""
    parser = argparse.ArgumentParser(prog="python -m bench.overload", description=__doc__)
    add_databases_option(parser)
    parser.add_argument("--seconds", type=int, default=60, help="of overload")
    parser.add_argument("--picture", type=Path, default=Path("bench-overload.svg"))
    options = parser.parse_args()
    with open_servers(options.databases) as (folder, databases):
        overloads = measure_overload(databases, folder, seconds=options.seconds)
    write_page(options.picture, [draw_overload(overload) for overload in overloads])


if __name__ == "__main__":
    main()
