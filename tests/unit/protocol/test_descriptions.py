"""Every `error_description` that is written anywhere, read from the syntax trees."""

import ast
import re
from collections.abc import Iterator

from tests.support.syntax_tree import parse, python_files

PLACES = {
    "ProtocolError": 1,
    "Refuse": 1,
    "refuse_client": 0,
    "refuse_grant": 0,
    "refuse_request": 0,
}
"""What is given a description, and as its how many-th argument."""


def list_descriptions() -> Iterator[str]:
    """Yield each as it is written; of a value that is put into one, a word stands for it."""
    for path in python_files("idp"):
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.Call):
                yield from _read_call(node)


def _read_call(call: ast.Call) -> Iterator[str]:
    place = PLACES.get(ast.unparse(call.func).rpartition(".")[2])
    if place is not None and len(call.args) > place:
        yield _write(call.args[place])
    yield from (_write(k.value) for k in call.keywords if k.arg == "error_description")


def _write(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_write(part) for part in parts)
        case _:
            return "word"


def test_descriptions_are_english_in_plain_ascii() -> None:
    """Only what RFC 6749 4.1.2.1 lets one hold, and no accent: French is for pages."""
    found = list(list_descriptions())
    assert len(found) > 50
    strange = [d for d in found if not re.fullmatch(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+", d)]
    assert strange == []
