"""What settings are called, in a file and in the environment, and which one a wrong name meant."""

from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

_PREFIX = "IDP_"


def list_names(tables: Mapping[str, Any]) -> Iterator[str]:
    """Yield the name of each setting of a file: `issuer`, `session.idle_lifetime`."""
    for name, value in tables.items():
        if isinstance(value, Mapping):
            yield from (f"{name}.{key}" for key in value)
        else:
            yield name


def name_variable(setting: str) -> str:
    """Return `IDP_SESSION__IDLE_LIFETIME` for `session.idle_lifetime`."""
    return _PREFIX + setting.replace(".", "__").upper()


def name_setting(variable: str) -> str | None:
    """Return `session.idle_lifetime` for `IDP_SESSION__IDLE_LIFETIME`, None for one not of ours."""
    if not variable.startswith(_PREFIX):
        return None
    return variable.removeprefix(_PREFIX).lower().replace("__", ".")


def refuse_name(name: str, known: Collection[str], *, write: Callable[[str], str] = str) -> str:
    """Return the sentence for a name that no setting has, with the nearest one that there is.

    What stands right in the wrong table is nearest: in TOML a setting of none goes before them all.
    """
    key = name.rpartition(".")[2]
    strays = [each for each in known if each.rpartition(".")[2] == key]
    nearest = strays or get_close_matches(name, known, n=1)
    hint = f"did you mean {write(nearest[0])}?" if nearest else "config/default.toml has them all"
    return f"{write(name)}: is no setting; {hint}"
