"""One picture of a run: for each operation, the provider's bar beside its floor's."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from bench.load import Measured

_WIDTH, _ROW, _LEFT, _RIGHT = 760, 22, 120, 90
_COLOURS = ("#b3122a", "#16203a", "#8a8f9c", "#c9c2b4")


_HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"
 font-family="system-ui, sans-serif" font-size="13">
<rect width="{width}" height="{height}" fill="#fff"/>
<text x="16" y="26" font-size="16" font-weight="600">Server CPU milliseconds an operation</text>"""
_BAR = '<rect x="{x}" y="{y}" width="{width:.1f}" height="15" fill="{colour}" rx="2"/>'


def draw_chart(results: Mapping[str, Sequence[Measured]]) -> str:
    """Return an SVG: CPU milliseconds by operation and server, each operation to its own scale."""
    operations = list(dict.fromkeys(each.operation for rows in results.values() for each in rows))
    height = 60 + len(operations) * (_ROW * len(results) + 14)
    parts = [_HEAD.format(width=_WIDTH, height=height)]
    y = 50
    for operation in operations:
        parts += _draw_group(operation, results, y)
        y += _ROW * len(results) + 14
    return "\n".join([*parts, "</svg>", ""])


def _draw_group(operation: str, results: Mapping[str, Sequence[Measured]], y: int) -> list[str]:
    values = {
        name: next((each.cpu_ms for each in rows if each.operation == operation), 0.0)
        for name, rows in results.items()
    }
    longest = max(values.values()) or 1.0
    parts = [f'<text x="16" y="{y + 15}" font-weight="600">{escape(operation)}</text>']
    for index, (name, value) in enumerate(values.items()):
        top = y + index * _ROW
        length = (_WIDTH - _LEFT - _RIGHT - 120) * value / longest
        colour = _COLOURS[index % len(_COLOURS)]
        parts += [
            f'<text x="{_LEFT}" y="{top + 15}" fill="#444">{escape(name)}</text>',
            _BAR.format(x=_LEFT + 120, y=top + 3, width=length, colour=colour),
            f'<text x="{_LEFT + 126 + length:.1f}" y="{top + 15}">{value:.2f}</text>',
        ]
    return parts
