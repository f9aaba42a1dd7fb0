"""Templates compiled once for the thousands of applications that one run of the tests builds."""

from functools import partial
from types import CodeType

from jinja2 import Environment

_compile = partial(Environment.compile)
_compiled: dict[tuple[object, ...], CodeType | str] = {}


def compile_once(
    environment: Environment,
    source: str,
    name: str | None = None,
    filename: str | None = None,
    **options: bool,
) -> CodeType | str:
    """Do what `Environment.compile` does; the same source is not compiled again."""
    is_escaped = environment.autoescape
    trims = (environment.trim_blocks, environment.lstrip_blocks)
    key = (source, name, filename, is_escaped, trims, *options.items())
    if key not in _compiled:
        _compiled[key] = _compile(environment, source, name, filename, **options)
    return _compiled[key]
