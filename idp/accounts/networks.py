"""Networks, as budgets of failures count them: one subscriber's, never one address.

IPv4 is counted by /24. An IPv6 subscriber holds a /64 at least and often a /48, which therefore has
a budget of its own, ten times as large.
"""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


@dataclass(frozen=True, slots=True)
class Network:
    """A network in CIDR notation; its budget is `factor` times the one in the settings."""

    name: str
    factor: int = 1


@lru_cache(maxsize=1000)
def find_networks(address: str) -> tuple[Network, ...]:
    """Return the networks whose budgets a visitor's address spends; none for what is no address."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return ()
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if isinstance(parsed, IPv4Address):
        return (Network(_name(parsed, 24)),)
    return (Network(_name(parsed, 64)), Network(_name(parsed, 48), factor=10))


def _name(address: IPv4Address | IPv6Address, prefix: int) -> str:
    return str(ip_network((address, prefix), strict=False))
