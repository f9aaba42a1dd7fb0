"""A plot over time: a frame, values on an axis that is linear or logarithmic, lines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log10

from bench.charts.page import FAINT, MARGIN, QUIET, WIDTH, bar, line, text, text_left_of

_LEFT, _RIGHT = MARGIN + 44, WIDTH - MARGIN
_DASHED = 'stroke-width="1" stroke-dasharray="4 4"'
_SOLID = 'stroke-width="1.6" stroke-linejoin="round"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Between `top` and `bottom` of its panel: so many seconds, values from `low` to `high`."""

    top: float
    bottom: float
    seconds: float
    low: float = 0
    high: float
    is_logarithmic: bool = False

    def draw_frame(self, ticks: Iterable[float], unit: str) -> list[str]:
        """Return lines at the values of `ticks` with their names, and what their unit is."""
        shapes = [text(MARGIN, self.top - 16, unit, colour=QUIET)]
        for tick in ticks:
            y = self.find_y(tick)
            shapes.append(line(((_LEFT, y), (_RIGHT, y)), colour=FAINT))
            shapes.append(text_left_of(_LEFT - 8, y + 4, f"{tick:g}", colour=QUIET))
        return shapes

    def draw_seconds(self) -> list[str]:
        """Return the names of some moments, below the plot."""
        moments = [tick for tick in find_ticks(self.seconds) if tick < 0.95 * self.seconds]
        return [
            text(self.find_x(tick), self.bottom + 18, f"{tick:g} s", colour=QUIET)
            for tick in moments
        ]

    def shade(self, begins: float, ends: float) -> str:
        """Return a background for a part of the time."""
        x = self.find_x(begins)
        height = self.bottom - self.top
        return bar(x, self.top, self.find_x(ends) - x, colour="#f6f1f2", height=height)

    def draw_line(self, values: Mapping[int, float], colour: str) -> str:
        """Return a line through the values of whole seconds, each in the middle of its second."""
        moments = sorted(at for at in values if at + 1 <= self.seconds)
        points = [(self.find_x(at + 0.5), self.find_y(values[at])) for at in moments]
        return line(points, colour=colour, style=_SOLID)

    def draw_mark(self, value: float, name: str) -> list[str]:
        """Return a dashed line at a value that means something, and its name."""
        y = self.find_y(value)
        dashes = line(((_LEFT, y), (_RIGHT, y)), colour=QUIET, style=_DASHED)
        return [dashes, text_left_of(_RIGHT, y - 5, name, colour=QUIET)]

    def find_x(self, second: float) -> float:
        """Return where a moment lies."""
        return _LEFT + (_RIGHT - _LEFT) * min(max(second / self.seconds, 0), 1)

    def find_y(self, value: float) -> float:
        """Return where a value lies; one beyond the axis lies at its end."""
        within = min(max(value, self.low), self.high)
        low, high = self.low, self.high
        if self.is_logarithmic:
            low, high, within = log10(low), log10(high), log10(within)
        return self.bottom - (self.bottom - self.top) * (within - low) / (high - low)


def find_ticks(high: float) -> list[float]:
    """Return some round values from 0 up to `high`, eight at most."""
    sizes = [step * 10**power for power in range(6) for step in (1, 2, 5)]
    size = next((size for size in sizes if high / size <= 7), sizes[-1])
    return [float(value) for value in range(0, int(high) + 1, size)]
