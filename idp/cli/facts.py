"""What the `show` commands say: facts with a name each, as lines for people or JSON for scripts."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

import click

from idp.cli.arguments import show_time

Facts = Mapping[str, object]

_NAME_WIDTH = 22


def print_facts(facts: Facts, *, as_json: bool) -> None:
    """Print facts; moments bear their offset either way."""
    if as_json:
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False, default=_to_json))
        return
    for name, value in facts.items():
        for label, text in _write_lines(name.replace("_", " "), value):
            click.echo(f"{label:<{_NAME_WIDTH}} {text}")


def _write_lines(label: str, value: object) -> Sequence[tuple[str, str]]:
    if isinstance(value, list):
        texts = [
            ", ".join(f"{name} {_write(part)}" for name, part in item.items()) for item in value
        ]
        return [(label if row == 0 else "", text) for row, text in enumerate(texts or ["none"])]
    return [(label, _write(value))]


def _write(value: object) -> str:
    match value:
        case None | "":
            return "–"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return show_time(value)
        case _:
            return str(value)


def _to_json(value: object) -> str:
    return value.astimezone().isoformat() if isinstance(value, datetime) else str(value)
