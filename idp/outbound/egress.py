"""Which addresses this provider may call, and whom it trusts there (attack case C106).

What counts is the address a name resolves to: decimal, octal or mapped spellings of a private one
are seen for what they are.
"""

import ssl
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from urllib.parse import urlsplit

_NAT64 = IPv6Network("64:ff9b::/96")
_LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class EgressRefusedError(Exception):
    """The address may not be called; the message says why, without naming what it resolves to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressRules:
    """`allowed_private_hosts` are host names, in lower case, whose private addresses are meant.

    `may_use_loopback_http` is for the demo: `http://` to this very machine, and nothing else.
    """

    allowed_private_hosts: frozenset[str] = field(default_factory=frozenset)
    may_use_loopback_http: bool = False

    def check_url(self, url: str) -> None:
        """Refuse an address whose very spelling rules it out.

        Raises:
            EgressRefusedError: not https (or the demo's loopback http), or with user information.

        """
        parts = urlsplit(url)
        if not parts.hostname or "@" in parts.netloc:
            raise EgressRefusedError("the address has no host, or names a user")
        is_demo = parts.scheme == "http" and self._is_demo(parts.hostname)
        if parts.scheme != "https" and not is_demo:
            raise EgressRefusedError("the address is not https")

    def may_call_private(self, host: str) -> bool:
        """Whether this host name may resolve to a private address."""
        return host.lower() in self.allowed_private_hosts or self._is_demo(host)

    def _is_demo(self, host: str) -> bool:
        return self.may_use_loopback_http and host in _LOOPBACK_HOSTS


def is_public(address: str) -> bool:
    """Say whether an IP address belongs to the public internet, whatever it is wrapped in."""
    ip = _unwrap(ip_address(address.partition("%")[0]))
    return ip.is_global and not ip.is_multicast


def _unwrap(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if not isinstance(ip, IPv6Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)


def build_ssl_context(ca_bundle: Path | None) -> ssl.SSLContext:
    """Return how to verify whom we call: public authorities, and those of a PEM file.

    Raises:
        OSError: the file cannot be read, or holds no certificate.

    """
    context = ssl.create_default_context()
    if ca_bundle is not None:
        context.load_verify_locations(ca_bundle)
    return context
