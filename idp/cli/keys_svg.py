"""The picture of `idp keys timeline --svg`: readable in a browser, light or dark, and on paper."""

from collections.abc import Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from idp.cli.arguments import show_time
from idp.cli.keys_text import name_state
from idp.cli.keys_timeline import NOT_TO_SCALE, Timeline
from idp.signing.signing_key import KeyLife

_LABELS, _BARS, _DATE, _ROW, _TOP = 330, 640, 110, 30, 40
_WIDTH = _LABELS + _BARS + 20

_STYLE = """
  svg { background: #fff; font: 13px system-ui, sans-serif }
  text { fill: #222 } .small { font-size: 11px; fill: #555 } .axis { stroke: #ccc }
  .next { fill: #8db8dc } .active { fill: #2e7d4f } .retired { fill: #e0b354 }
  .now { stroke: #c0271d; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    svg { background: #1b1b1b } text { fill: #eee } .small { fill: #aaa } .axis { stroke: #444 }
  }
"""


def draw_as_svg(timeline: Timeline) -> str:
    """Return the timeline as an SVG document."""
    height = _TOP + _ROW * len(timeline.lives) + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {height}">',
        f"<title>Signing keys at {escape(show_time(timeline.now))}</title>",
        f"<style>{_STYLE}</style>",
        *_draw_axis(timeline, height),
        *(
            part
            for row, life in enumerate(timeline.lives)
            for part in _draw_key(timeline, life, row)
        ),
        *_draw_legend(timeline, height),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _draw_axis(timeline: Timeline, height: int) -> Iterator[str]:
    """Mark the dates at which something changes; they are written where there is room."""
    free = _LABELS
    for moment, _ in timeline.stops[1:]:
        x, is_last = _place(timeline, moment), moment == timeline.end
        yield f'<line class="axis" x1="{x}" x2="{x}" y1="{_TOP - 8}" y2="{height - 50}"/>'
        if is_last or free <= x <= _LABELS + _BARS - 2 * _DATE:
            free, anchor = x + _DATE, "end" if is_last else "start"
            yield (
                f'<text class="small" x="{x}" y="{_TOP - 16}" text-anchor="{anchor}">'
                f"{moment.astimezone():%Y-%m-%d %H:%M}</text>"
            )


def _draw_key(timeline: Timeline, life: KeyLife, row: int) -> Iterator[str]:
    y = _TOP + row * _ROW
    label = f"{life.key.kid} · {name_state(life, timeline.now)}"
    yield f'<text x="10" y="{y + 17}">{escape(label)}</text>'
    for phase in timeline.list_phases(life):
        x = _place(timeline, phase.start)
        width = max(_place(timeline, phase.end) - x, 2)
        yield (
            f'<rect class="{phase.state}" x="{x}" y="{y + 4}" width="{width}" height="18" rx="3">'
            f"<title>{phase.state}, {show_time(phase.start)} to {show_time(phase.end)}</title>"
            "</rect>"
        )


def _draw_legend(timeline: Timeline, height: int) -> Iterator[str]:
    x = _place(timeline, timeline.now)
    yield f'<line class="now" x1="{x}" x2="{x}" y1="{_TOP - 8}" y2="{height - 50}"/>'
    yield (
        f'<text class="small" x="{x}" y="{height - 36}" text-anchor="middle">'
        f"now: {show_time(timeline.now)}</text>"
    )
    words = {"next": "announced", "active": "signs", "retired": "retired, still trusted"}
    for column, (state, word) in enumerate(words.items()):
        left = 10 + column * 120
        yield f'<rect class="{state}" x="{left}" y="{height - 22}" width="14" height="12" rx="2"/>'
        yield f'<text class="small" x="{left + 20}" y="{height - 12}">{word}</text>'
    yield f'<text class="small" x="{_LABELS + 160}" y="{height - 12}">{NOT_TO_SCALE}</text>'


def _place(timeline: Timeline, moment: datetime) -> int:
    return _LABELS + timeline.place(moment, _BARS)
