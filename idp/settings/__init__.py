"""Every setting, frozen: `config/default.toml`, then the operator's file, then the environment.

The environment variable of `[session] idle_lifetime` is `IDP_SESSION__IDLE_LIFETIME`. The file
named by `IDP_CONFIG` (or `idp --config`) is the operator's. Every fault is found before the first
one is reported; a provider with a fault refuses to start. A name that no setting has is a fault.

`sections` is what there is, `values` how it is written, `names` what it is called, `faults` what
may not be, `loading` how it is read; `environment` alone looks at the process's environment.
"""

from idp.settings.environment import (
    find_config_file,
    find_metrics_folder,
    name_metrics_folder,
    name_operator,
    pass_on_config_file,
    pass_on_options,
)
from idp.settings.faults import is_loopback
from idp.settings.loading import PROJECT_FOLDER, SettingsError, load_settings
from idp.settings.sections import (
    Environment,
    LimitSettings,
    LockoutSettings,
    PageSettings,
    RegistrationSettings,
    ServerSettings,
    Settings,
)

__all__ = [
    "PROJECT_FOLDER",
    "Environment",
    "LimitSettings",
    "LockoutSettings",
    "PageSettings",
    "RegistrationSettings",
    "ServerSettings",
    "Settings",
    "SettingsError",
    "find_config_file",
    "find_metrics_folder",
    "is_loopback",
    "load_settings",
    "name_metrics_folder",
    "name_operator",
    "pass_on_config_file",
    "pass_on_options",
]
