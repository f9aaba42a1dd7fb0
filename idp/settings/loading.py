"""Reading the settings: files and environment over one another, then every fault at once."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from idp.settings.environment import find_config_file, read_environment
from idp.settings.faults import find_faults
from idp.settings.names import list_names, name_variable, refuse_name
from idp.settings.sections import Settings

PROJECT_FOLDER = Path(__file__).resolve().parent.parent.parent
DEFAULT_FILE = PROJECT_FOLDER / "config" / "default.toml"


class SettingsError(Exception):
    """The settings have faults; `faults` holds one sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        """Keep the sentences; the message lists them all."""
        self.faults = faults
        super().__init__("\n".join(f"  - {fault}" for fault in faults))


def load_settings(file: Path | None = None, overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read the defaults, the operator's file, the environment and `overrides`, in that order.

    Args:
        file: the operator's TOML file; the one named by `IDP_CONFIG` where None.
        overrides: nested tables, such as the tests give.

    Raises:
        SettingsError: with every fault found.

    """
    operator_file = file or find_config_file()
    values = _read_toml(DEFAULT_FILE)
    known = list(list_names(values))
    variables = read_environment()
    _merge(values, _read_toml(operator_file) if operator_file else {})
    _merge(values, _nest({name: variables[name] for name in known if name in variables}))
    _merge(values, overrides or {})
    settings, faults = _validate(values, known)
    faults = [_name_source(fault, variables) for fault in _add_faults(settings, faults)]
    faults += _refuse_variables(variables, known)
    if faults and operator_file is None:
        faults.append("no settings file was read: name yours by --config or IDP_CONFIG")
    if faults:
        raise SettingsError(faults)
    return settings


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        reason = f"{error.strerror}; name your settings by --config or IDP_CONFIG"
        raise SettingsError([f"{file.absolute()}: {reason}"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError([f"{file.absolute()}: is no TOML: {error}"]) from error


def _nest(named: Mapping[str, str]) -> dict[str, Any]:
    """Return `section.name` as nested tables."""
    tables: dict[str, Any] = {}
    for name, value in named.items():
        section, _, key = name.rpartition(".")
        (tables.setdefault(section, {}) if section else tables)[key] = value
    return tables


def _merge(base: dict[str, Any], over: Mapping[str, Any]) -> None:
    for name, value in over.items():
        if isinstance(value, Mapping) and isinstance(base.get(name), dict):
            _merge(base[name], value)
        else:
            base[name] = value


def _validate(values: dict[str, Any], known: list[str]) -> tuple[Settings, list[str]]:
    """Return the settings, the faulty ones replaced by their defaults, and what was wrong."""
    try:
        return Settings.model_validate(values), []
    except ValidationError as error:
        found = error.errors()
    defaults = _read_toml(DEFAULT_FILE)
    for fault in found:
        _reset(values, defaults, fault["loc"])
    return Settings.model_validate(values), [_describe(fault, known) for fault in found]


def _reset(
    values: dict[str, Any], defaults: Mapping[str, Any], path: tuple[int | str, ...]
) -> None:
    name = str(path[0])
    inner, inner_defaults = values.get(name), defaults.get(name)
    if len(path) > 1 and isinstance(inner, dict) and isinstance(inner_defaults, Mapping):
        _reset(inner, inner_defaults, path[1:])
    elif name in defaults:
        values[name] = inner_defaults
    else:
        values.pop(name, None)


def _describe(fault: Any, known: list[str]) -> str:  # noqa: ANN401 - pydantic's ErrorDetails, a private shape
    where = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return refuse_name(where, known)
    return f"{where}: {fault['msg'].removeprefix('Value error, ')}"


def _add_faults(settings: Settings, faults: list[str]) -> list[str]:
    """Return the faults, and what is wrong with settings that have none of these."""
    told = {_name_setting(fault) for fault in faults}
    return faults + [fault for fault in find_faults(settings) if _name_setting(fault) not in told]


def _name_source(fault: str, variables: Mapping[str, str]) -> str:
    """Say by which variable a faulty setting was set: nobody looks for it in the file then."""
    name = _name_setting(fault)
    return f"{fault} (set by {name_variable(name)})" if name in variables else fault


def _refuse_variables(variables: Mapping[str, str], known: list[str]) -> list[str]:
    """Return a fault for each `IDP_` variable that sets nothing: it was meant to."""
    strange = [name for name in variables if name not in known]
    return [refuse_name(name, known, write=name_variable) for name in strange]


def _name_setting(fault: str) -> str:
    """Return `section.name`; one value of a list is told with its number behind."""
    return ".".join(fault.partition(":")[0].split(".")[:2])
