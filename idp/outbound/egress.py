"""Which addresses this provider may call, checked where the connection is made (attack case C106).

The check and the connection share one name resolution, so a name that resolves differently a
moment later (DNS rebinding) gains nothing, and decimal, octal or mapped spellings of an address
are seen as what they resolve to.
"""

import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from urllib.parse import urlsplit

import httpcore
from httpcore import SOCKET_OPTION, NetworkBackend, NetworkStream, SyncBackend

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


class GuardedBackend(NetworkBackend):
    """Opens connections to allowed addresses only, each to be done within a total time."""

    def __init__(self, rules: EgressRules, timeout: timedelta) -> None:
        """Take the rules, and how long one exchange may last from connecting to its last byte."""
        self._rules = rules
        self._timeout = timeout.total_seconds()
        self._backend = SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the total time decides
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        """Connect to the address that the host resolves to now.

        Raises:
            EgressRefusedError: one of the host's addresses is private.
            httpcore.ConnectError: the host is unknown or does not answer.

        """
        deadline = time.monotonic() + self._timeout
        address = self._resolve(host, port)
        stream = self._backend.connect_tcp(
            address, port, self._timeout, local_address, socket_options
        )
        return _TimedStream(stream, deadline)

    def _resolve(self, host: str, port: int) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"unknown host {host}") from error
        addresses = [str(entry[4][0]) for entry in found]
        if not self._rules.may_call_private(host) and not all(map(is_public, addresses)):
            raise EgressRefusedError(f"{host} has a private address")
        return addresses[0]


class _TimedStream(NetworkStream):
    """A connection whose every read and write ends with the exchange's total time."""

    def __init__(self, stream: NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, self._left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> NetworkStream:
        left = self._left(httpcore.ConnectTimeout)
        return _TimedStream(
            self._stream.start_tls(ssl_context, server_hostname, left), self._deadline
        )

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)

    def _left(self, error: type[Exception]) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise error("the exchange took too long")
        return left
