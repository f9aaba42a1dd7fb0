"""The process's environment: what it tells this program, and what it passes on to those it starts.

The only reader of `os.environ`.
"""

import os
import pwd
import re
from collections.abc import Mapping
from pathlib import Path

from idp.settings.names import name_setting, name_variable

# IDP_CONFIG, which is no setting: it names the file that holds them.
_CONFIG = "config"
# What Kubernetes tells every container about services called "idp" or "idp-redis".
_SERVICE_LINK = re.compile(
    r"IDP_([A-Z0-9]+_)*"
    r"(SERVICE_(HOST|PORT(_[A-Z0-9]+)*)|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)"
)
_SERVICE_ADDRESS = re.compile(r"(tcp|udp|sctp)://.*")


def find_config_file() -> Path | None:
    """Return the operator's file that `IDP_CONFIG` names, None where it names none."""
    named = os.environ.get(name_variable(_CONFIG))
    return Path(named) if named else None


def read_environment() -> dict[str, str]:
    """Return what `IDP_` variables set, by the settings' names; some may be no setting's."""
    named = {
        name_setting(variable): value
        for variable, value in os.environ.items()
        if not _is_service_link(variable, value)
    }
    return {name: value for name, value in named.items() if name and name != _CONFIG}


def _is_service_link(variable: str, value: str) -> bool:
    is_port = variable.endswith("PORT") and _SERVICE_ADDRESS.fullmatch(value)
    return bool(is_port or _SERVICE_LINK.fullmatch(variable))


def pass_on_config_file(file: Path) -> None:
    """Name the operator's file to the processes this one starts."""
    os.environ[name_variable(_CONFIG)] = str(file.resolve())


def pass_on_options(section: str, options: Mapping[str, object]) -> None:
    """Let options of a command hold in this process and those it starts; None was not given."""
    for name, value in options.items():
        if value is not None:
            os.environ[name_variable(f"{section}.{name}")] = str(value)


def name_metrics_folder(folder: Path) -> None:
    """Tell prometheus-client, in the processes this one starts, where to count together."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def find_metrics_folder() -> Path | None:
    """Return where the processes of this host count together, None where each counts alone."""
    named = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return Path(named) if named else None


def name_operator() -> str:
    """Return who runs this process, for the audit trail: the system's user, and sudo's.

    A container may run under a number that no user has: then it is the number.
    """
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        user = str(os.getuid())
    sudo_user = os.environ.get("SUDO_USER")
    return f"{user} (sudo: {sudo_user})" if sudo_user else user
