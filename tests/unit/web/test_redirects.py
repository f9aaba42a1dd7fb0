"""Redirects of the provider, read from the syntax trees."""

import ast

from tests.support.syntax_tree import parse, python_files


def test_every_redirect_is_a_303() -> None:
    """A 302 or 307 might have a browser post a password again, to a site (RFC 9700 4.12)."""
    calls = [
        (path, ast.unparse(node))
        for path in python_files("idp/web")
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"redirect", "flask.redirect"}
    ]
    assert calls == [("idp/web/redirects.py", "redirect(address, 303)")]
