"""The panel of growth: each operation on a small and on a large database."""

from collections.abc import Sequence

from bench.charts.page import (
    COLOURS,
    MARGIN,
    PALE_BLUE,
    PALE_RED,
    QUIET,
    Panel,
    bar,
    text,
    text_left_of,
)
from bench.results import GrownOperation, Growth

_ROW, _GROUP_GAP = 19, 12
_BARS_AT, _LONGEST = 250, 400
_PALE = {"sqlite": PALE_RED, "postgresql": PALE_BLUE}


def draw_growth(growths: Sequence[Growth]) -> Panel:
    """Return bars of CPU milliseconds, small above large, and how many times as much it is."""
    shapes: list[str] = []
    y = 0.0
    for row in zip(*(each.operations for each in growths), strict=True):
        shapes.append(text(MARGIN, y + 12, row[0].operation, style='font-weight="600"'))
        longest = max(max(each.small_ms, each.large_ms) for each in row) or 1
        for growth, grown in zip(growths, row, strict=True):
            shapes += _draw_pair(growth.kind, grown, scale=_LONGEST / longest, y=y)
            y += 2 * _ROW
        y += _GROUP_GAP
    size = f"{growths[0].accounts:,} accounts and {growths[0].logins:,} past logins"
    return Panel(
        title="What growth costs",
        note=f"CPU milliseconds on a small database (pale) and with {size}",
        height=y,
        shapes=shapes,
    )


def _draw_pair(kind: str, grown: GrownOperation, *, scale: float, y: float) -> list[str]:
    small, large = grown.small_ms * scale, grown.large_ms * scale
    return [
        text_left_of(_BARS_AT - 10, y + 12, kind, colour=QUIET),
        bar(_BARS_AT, y, small, colour=_PALE[kind]),
        text(_BARS_AT + small + 6, y + 12, f"{grown.small_ms:.2f}"),
        bar(_BARS_AT, y + _ROW - 3, large, colour=COLOURS[kind]),
        text(_BARS_AT + large + 6, y + _ROW + 9, f"{grown.large_ms:.2f}  ({grown.ratio:.2f}×)"),
    ]
