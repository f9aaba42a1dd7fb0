"""The checks of `idp doctor` that look at the house itself: settings, database, keys, hashing."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from idp.cli.findings import Finding, fault, ok, warning

if TYPE_CHECKING:
    from idp.cli.toolbox import Toolbox

_MAX_CLOCK_OFFSET = timedelta(seconds=5)


def check_settings(toolbox: "Toolbox") -> Iterator[Finding]:
    """The settings were read without a fault, or the command ended with all of them."""
    settings = toolbox.settings
    yield ok(f"settings of {settings.issuer} ({settings.environment})")
    if settings.is_secure and not settings.server.trusted_proxies:
        yield warning(
            "server.trusted_proxies is 0: limits see the proxy's address for everybody",
            "set it to the number of proxies in front (1 with the nginx file of config/deploy)",
        )
    if settings.mail.admins == ():
        yield warning("mail.admins is empty: no one is told of alarms", "name somebody")
