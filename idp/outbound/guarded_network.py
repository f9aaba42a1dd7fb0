"""Connections to allowed addresses alone, each exchange within a total time (attack case C106).

The check and the connection share one name resolution, so a name that resolves differently a
moment later (DNS rebinding) gains nothing.
"""

import socket
import ssl
import time
from collections.abc import Iterable
from datetime import timedelta

import httpcore
from httpcore import SOCKET_OPTION, NetworkBackend, NetworkStream, SyncBackend

from idp.outbound.egress import EgressRefusedError, EgressRules, is_public


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
