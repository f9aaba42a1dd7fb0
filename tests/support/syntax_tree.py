"""What Python files import, name and build, read from their syntax trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support.processes import REPOSITORY


@cache
def parse(path: str) -> ast.Module:
    """Return the tree of a file, named from the top of the repository."""
    return ast.parse((REPOSITORY / path).read_text(), filename=path)


def python_files(folder: str) -> list[str]:
    """Return the Python files under a folder, named from the top of the repository."""
    found = sorted((REPOSITORY / folder).rglob("*.py"))
    names = [file.relative_to(REPOSITORY) for file in found]
    return [str(name) for name in names if "node_modules" not in name.parts]


def imported_modules(tree: ast.Module) -> set[str]:
    """Return every dotted name imported anywhere: `from a.b import c` gives "a.b.c"."""
    return set(imported_names(tree).values())


def imported_names(tree: ast.Module) -> dict[str, str]:
    """Return what each imported name stands for: {"UTC": "datetime.UTC"}."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name] = alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def used_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and the full name of every imported thing used: `(12, "datetime.UTC")`."""
    names = imported_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and (full := full_name(node, names)):
            yield node.lineno, full


def calls_on_import(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and the full name of every imported thing called while a file is imported."""
    names = imported_names(tree)
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and (full := full_name(node.func, names)):
            yield node.lineno, full
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def full_name(node: ast.expr, names: dict[str, str]) -> str | None:
    """Return what an expression such as `a.b.c` names, or None where it is not imported."""
    dotted = ast.unparse(node)
    for known in sorted(names, key=len, reverse=True):
        if dotted == known or dotted.startswith(f"{known}."):
            return names[known] + dotted.removeprefix(known)
    return None


def is_within(name: str, owner: str) -> bool:
    """Say whether a dotted name is another one or lies in it: "os.environ.get" in "os.environ"."""
    return name == owner or name.startswith(f"{owner}.")


def line_count(path: str) -> int:
    """Return how many lines a file has."""
    return len((REPOSITORY / Path(path)).read_text().splitlines())
