"""`python -m bench.overload`: sign-ins at twice the rate that can be served, for a minute.

What should hold: goodput stays within a tenth of the peak, the excess is answered 503 or 429 at
once, whoever asks for discovery, keys or tokens hardly notices, and all is well right afterwards.
"""

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.charts.overload import draw_overload
from bench.charts.page import write_page
from bench.crowd import Crowd
from bench.databases import DatabaseServer, add_databases_option, open_servers
from bench.probes import PROBES, Probe, probing
from bench.provider import prepare_provider
from bench.results import Overload
from bench.samples import REFUSALS, SIGN_IN, Phase, Sample, find_percentile

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
        with provider.serve(), probing(provider.port) as probes:
            found.append(_run(database.kind, provider.port, probes, seconds=seconds))
        _tell(found[-1])
    return found


def _run(kind: str, port: int, probes: Sequence[Probe], *, seconds: int) -> Overload:
    """The phases follow one another without a pause, whoever still waits for an answer."""
    Crowd(port, size=_PEAK_SIZE, until=time.monotonic() + _WARM_UP_SECONDS).join()
    clock = time.monotonic()
    aside = max(1, round(seconds / 4))
    peak = Phase("peak", 0, aside)
    flood = Phase("twice the peak", peak.ends, peak.ends + seconds)
    after = Phase("afterwards", flood.ends, flood.ends + aside)
    crowds = [_begin(port, clock + peak.ends)]
    rate = peak.rate(crowds[0].samples)
    crowds.append(_begin(port, clock + flood.ends, rate=2 * rate))
    crowds.append(_begin(port, clock + after.ends))
    seen = [sample for crowd in crowds for sample in crowd.join()]
    seen += [sample for probe in probes for sample in probe.stop()]
    samples = [Sample(x.at - clock, x.kind, x.outcome, x.seconds) for x in seen]
    return Overload(kind=kind, phases=(peak, flood, after), samples=samples)


def _begin(port: int, until: float, *, rate: float | None = None) -> Crowd:
    """Return a crowd once its time is over; some of it may still wait for an answer."""
    crowd = Crowd(port, size=_FLOOD_SIZE if rate else _PEAK_SIZE, until=until, rate=rate)
    time.sleep(max(0.0, until - time.monotonic()))
    return crowd


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
    for heading in ("phase", "offered", "signed in", "503 or 429", *PROBES):
        table.add_column(heading, justify="left" if heading == "phase" else "right")
    for phase in overload.phases:
        refused = phase.rate(phase.pick(overload.samples, SIGN_IN, *REFUSALS))
        rates = (overload.offered(phase), overload.goodput(phase), refused)
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
