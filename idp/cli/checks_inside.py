"""The checks of `idp doctor` that look at the settings and at this machine."""

import os
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING

from idp.accounts.calibration import measure_hash
from idp.app.accounts import build_hash_parameters, build_hash_slots
from idp.cli.findings import Finding, ok, warning
from idp.settings import find_config_file, is_loopback

if TYPE_CHECKING:
    from idp.cli.toolbox import Toolbox
    from idp.settings import Settings

_SLOW_HASH_MS = 250
_KIB, _MIB = 1024, 1024 * 1024


def check_settings(toolbox: "Toolbox") -> Iterator[Finding]:
    """The settings were read without a fault, or the command ended with all of them."""
    settings = toolbox.settings
    yield ok(f"settings of {settings.issuer} ({settings.environment})")
    yield from _check_proxies(settings)
    if not settings.mail.admins:
        yield warning("mail.admins is empty: no one is told of alarms", "name somebody")
    config = toolbox.config or find_config_file()
    if config and config.stat().st_mode & stat.S_IROTH:
        yield warning(f"everybody on this machine can read {config}", f"chmod 640 {config}")


def check_hash_cost(toolbox: "Toolbox") -> Iterator[Finding]:
    """Measure a password hash, and what all that may run at once take of the memory."""
    settings = toolbox.settings
    parameters = build_hash_parameters(settings)
    milliseconds = measure_hash(parameters)
    slots = settings.server.workers * build_hash_slots(settings).limit
    memory = slots * parameters.memory_kib * _KIB
    text = f"a password hash takes {milliseconds:.0f} ms; {slots} at once take {memory // _MIB} MiB"
    if milliseconds > _SLOW_HASH_MS or memory > _read_memory_bytes() // 2:
        yield warning(text, "propose others: idp doctor --calibrate")
    else:
        yield ok(text)


def _check_proxies(settings: "Settings") -> Iterator[Finding]:
    """X-Forwarded-For is believed from so many proxies, whoever connects."""
    server = settings.server
    if settings.is_secure and not server.trusted_proxies:
        yield warning(
            "server.trusted_proxies is 0: limits see the proxy's address for everybody",
            "set it to the number of proxies in front (1 with the nginx file of config/deploy)",
        )
    if server.trusted_proxies and not is_loopback(server.host):
        yield warning(
            f"whoever reaches {server.host}:{server.port} without the proxy can forge its address",
            "let the proxy alone reach it: by firewall, or server.host on loopback",
        )


def _read_memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
