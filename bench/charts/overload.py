"""The panel of an overload: second by second, who was served, who was refused, who had to wait."""

from bench.charts.page import AMBER, BLUE, INK, MARGIN, RED, Panel, legend
from bench.charts.plot import Plot, find_ticks
from bench.results import Overload
from bench.samples import GOOD, SIGN_IN, find_percentile, group_by_second

_HEIGHT = 160
_RATES_TOP, _LATENCIES_TOP = 52, 292
_LATENCY_TICKS, _GOAL_MS = (1, 10, 100, 1000, 10_000), 100
_OUTCOMES = {GOOD: ("signed in", INK), "503": ("refused: 503", RED), "429": ("refused: 429", AMBER)}
_PROBES = {"discovery": BLUE, "JWKS": AMBER, "token": RED}


def draw_overload(overload: Overload) -> Panel:
    """Return two plots over the same time: sign-ins, and the latency of what is asked beside."""
    p50, p99 = (find_percentile(overload.refused_by_flood, percent) for percent in (50, 99))
    return Panel(
        title=f"Twice as many sign-ins as can be served, on {overload.kind}",
        note=f"In the shaded time {overload.goodput_kept:.0%} of the peak came through; refusals "
        f"took {p50:.0f} ms (p50), {p99:.0f} ms (p99)",
        height=_LATENCIES_TOP + _HEIGHT + 24,
        shapes=[*_draw_rates(overload), *_draw_latencies(overload)],
    )


def _draw_rates(overload: Overload) -> list[str]:
    flood, ends = overload.flood, overload.again.ends
    outcomes = {outcome: group_by_second(overload.pick(SIGN_IN, outcome)) for outcome in _OUTCOMES}
    high = max(len(seen) for groups in outcomes.values() for seen in groups.values())
    plot = Plot(top=_RATES_TOP, bottom=_RATES_TOP + _HEIGHT, seconds=ends, high=high)
    lines = [
        plot.draw_line({n: len(groups[n]) for n in range(int(ends))}, _OUTCOMES[outcome][1])
        for outcome, groups in outcomes.items()
        if groups
    ]
    return [
        *legend(MARGIN, 10, _OUTCOMES.values()),
        plot.shade(flood.begins, flood.ends),
        *plot.draw_frame(find_ticks(high), "sign-ins in each second"),
        *plot.draw_mark(overload.peak, "peak"),
        *lines,
    ]


def _draw_latencies(overload: Overload) -> list[str]:
    flood = overload.flood
    plot = Plot(
        top=_LATENCIES_TOP,
        bottom=_LATENCIES_TOP + _HEIGHT,
        seconds=overload.again.ends,
        low=_LATENCY_TICKS[0],
        high=_LATENCY_TICKS[-1],
        is_logarithmic=True,
    )
    lines, in_flood = [], []
    for kind, colour in _PROBES.items():
        in_flood.append(f"{kind} {find_percentile(flood.pick(overload.samples, kind), 99):.0f}")
        groups = group_by_second(overload.pick(kind))
        slowest = {second: find_percentile(seen, 99) for second, seen in groups.items()}
        lines.append(plot.draw_line(slowest, colour))
    return [
        *legend(MARGIN, _LATENCIES_TOP - 42, _PROBES.items()),
        plot.shade(flood.begins, flood.ends),
        *plot.draw_frame(
            _LATENCY_TICKS,
            f"p99 of each second, in milliseconds; of the shaded time: {', '.join(in_flood)}",
        ),
        *plot.draw_mark(_GOAL_MS, "goal"),
        *lines,
        *plot.draw_seconds(),
    ]
