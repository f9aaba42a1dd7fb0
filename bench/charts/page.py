"""A page of panels, as one SVG, and the few shapes that all of them are drawn with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from rich.console import Console

WIDTH = 900
MARGIN = 20
INK, QUIET, FAINT, PAPER = "#16203a", "#5c6373", "#dfe1e7", "#ffffff"
RED, BLUE, AMBER = "#b3122a", "#2a5db0", "#b87500"
PALE_RED, PALE_BLUE = "#e6b3ba", "#b5c7e6"
COLOURS = {
    "sqlite": RED,
    "floor-sqlite": PALE_RED,
    "postgresql": BLUE,
    "floor-postgresql": PALE_BLUE,
}
"""What the provider, and what its floor has on each kind of database."""

_TITLE_HEIGHT = 58
_GAP = 26
_PAGE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"
 font-family="system-ui, 'Liberation Sans', sans-serif" font-size="13">
<rect width="{width}" height="{height}" fill="{paper}"/>
{panels}
</svg>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A titled drawing, so high; its shapes count y from below the title."""

    title: str
    note: str
    height: float
    shapes: Sequence[str]


def write_page(path: Path, panels: Iterable[Panel]) -> None:
    """Draw panels below one another into an SVG file, and say where it is."""
    parts, y = [], float(_GAP)
    for panel in panels:
        parts.append(_draw_panel(panel, y))
        y += _TITLE_HEIGHT + panel.height + _GAP
    page = _PAGE.format(width=WIDTH, height=round(y), paper=PAPER, panels="\n".join(parts))
    path.write_text(page, "utf-8")
    Console(highlight=False).print(f"drawn: {path}")


def _draw_panel(panel: Panel, y: float) -> str:
    heading = text(MARGIN, y + 16, panel.title, style='font-size="17" font-weight="600"')
    note = text(MARGIN, y + 38, panel.note, colour=QUIET)
    shapes = "\n".join(panel.shapes)
    return (
        f'{heading}\n{note}\n<g transform="translate(0 {y + _TITLE_HEIGHT:.0f})">\n{shapes}\n</g>'
    )


def text(x: float, y: float, words: str, *, colour: str = INK, style: str = "") -> str:
    """Return words whose left end lies at x; `style` holds more attributes."""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" {style}>{escape(words)}</text>'


def text_left_of(x: float, y: float, words: str, *, colour: str = INK) -> str:
    """Return words whose right end lies at x."""
    return text(x, y, words, colour=colour, style='text-anchor="end"')


def bar(x: float, y: float, width: float, *, colour: str, height: float = 14) -> str:
    """Return a bar that begins at x."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{height:.1f}" '
        f'fill="{colour}" rx="2"/>'
    )


def line(points: Iterable[tuple[float, float]], *, colour: str, style: str = "") -> str:
    """Return a line through points; `style` holds more attributes."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" {style}/>'


def legend(x: float, y: float, names: Iterable[tuple[str, str]]) -> list[str]:
    """Return names with their colours, side by side."""
    shapes = []
    for name, colour in names:
        shapes += [bar(x, y - 10, 12, colour=colour, height=10), text(x + 17, y, name)]
        x += 38 + 7 * len(name)
    return shapes
