"""What settings are called, in a file and in the environment, and which one a wrong name meant."""

from collections.abc import Collection, Iterator, Mapping
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


def refuse_name(name: str, known: Collection[str]) -> str:
    """Return the sentence for a name that no setting has, with the nearest one that there is."""
    nearest = get_close_matches(name, known, n=1)
    hint = f"did you mean {nearest[0]}?" if nearest else "config/default.toml has them all"
    return f"{name}: is no setting; {hint}"
