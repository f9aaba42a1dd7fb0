"""What a check of `idp doctor` says: one line, and the remedy where there is something to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from idp.cli.toolbox import Toolbox


class Level(StrEnum):
    """How bad it is: a fault stops the service or will, a warning deserves a look."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    level: Level
    text: str
    remedy: str = ""


Check: TypeAlias = Callable[["Toolbox"], Iterator[Finding]]


def ok(text: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(Level.OK, text)


def warning(text: str, remedy: str) -> Finding:
    """Say that something deserves a look."""
    return Finding(Level.WARNING, text, remedy)


def fault(text: str, remedy: str) -> Finding:
    """Say that something does not work, or is not safe."""
    return Finding(Level.FAULT, text, remedy)
