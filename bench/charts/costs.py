"""The panel of the operations: each on every server, beside its floor."""

from collections.abc import Sequence

from bench.charts.page import COLOURS, MARGIN, QUIET, WIDTH, Panel, bar, legend, text, text_left_of
from bench.load import Measured
from bench.results import ServerCosts

_ROW, _GROUP_GAP, _HEAD = 19, 12, 66
_BARS_AT, _LONGEST = 250, 330
_COLUMNS = {"p50": WIDTH - 160, "p95": WIDTH - 90, "p99": WIDTH - MARGIN}


def draw_costs(costs: Sequence[ServerCosts]) -> Panel:
    """Return bars of CPU milliseconds, each operation to a scale of its own, and the latencies."""
    shapes = _draw_head(costs)
    y = float(_HEAD)
    for row in zip(*(each.operations for each in costs), strict=True):
        shapes += _draw_operation([each.server for each in costs], row, y)
        y += _ROW * len(costs) + _GROUP_GAP
    return Panel(
        title="What an operation costs",
        note="Server CPU in milliseconds, database included, each operation to its own scale; "
        "at the right how long it took, in milliseconds",
        height=y,
        shapes=shapes,
    )


def _draw_head(costs: Sequence[ServerCosts]) -> list[str]:
    """Which colour is whose, and how much memory each took."""
    memory = ", ".join(
        f"{each.server} {each.idle_mib:.0f} MiB, {each.busy_mib:.0f} after" for each in costs
    )
    names = [(each.server, COLOURS[each.server]) for each in costs]
    headings = [text_left_of(x, _HEAD - 10, name, colour=QUIET) for name, x in _COLUMNS.items()]
    note = text(MARGIN, 32, f"Memory: {memory}", colour=QUIET)
    return [*legend(MARGIN, 10, names), note, *headings]


def _draw_operation(servers: Sequence[str], row: Sequence[Measured], y: float) -> list[str]:
    longest = max(each.cpu_ms for each in row) or 1
    shapes = [text(MARGIN, y + 12, row[0].operation, style='font-weight="600"')]
    for server, measured in zip(servers, row, strict=True):
        length = _LONGEST * measured.cpu_ms / longest
        shapes += [
            text_left_of(_BARS_AT - 10, y + 12, server, colour=QUIET),
            bar(_BARS_AT, y, length, colour=COLOURS[server]),
            text(_BARS_AT + length + 6, y + 12, f"{measured.cpu_ms:.2f}"),
        ]
        shapes += [
            text_left_of(x, y + 12, f"{getattr(measured, name):.1f}", colour=QUIET)
            for name, x in _COLUMNS.items()
        ]
        y += _ROW
    return shapes
