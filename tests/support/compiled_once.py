"""What is compiled once for the thousands of applications that one run of the tests builds."""

from collections.abc import Callable
from functools import partial
from types import CodeType

import pytest
from jinja2 import Environment
from werkzeug.routing import Rule

BuildAddress = Callable[..., tuple[str, str]]

_compile_template = partial(Environment.compile)
_compile_rule = partial(Rule._compile_builder)  # noqa: SLF001 - the costly half of a rule
_templates: dict[tuple[object, ...], CodeType | str] = {}
_rules: dict[tuple[object, ...], BuildAddress] = {}


def compile_once(patch: pytest.MonkeyPatch) -> None:
    """Let the same template and the same route be compiled for the first application alone."""
    patch.setattr(Environment, "compile", compile_template_once)
    patch.setattr(Rule, "_compile_builder", compile_rule_once)


def compile_template_once(
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
    if key not in _templates:
        _templates[key] = _compile_template(environment, source, name, filename, **options)
    return _templates[key]


def compile_rule_once(rule: Rule, append_unknown: bool = True) -> BuildAddress:  # noqa: FBT001, FBT002 - Werkzeug's
    """Do what Werkzeug does to build addresses: a function of the rule's text and defaults."""
    key = (rule.rule, rule.subdomain, rule.host, append_unknown, *(rule.defaults or {}).items())
    if key not in _rules:
        _rules[key] = _compile_rule(rule, append_unknown)
    return _rules[key]
