"""The guarded HTTP client against real servers on loopback (attack case C106)."""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from idp.outbound.egress import EgressRules
from idp.outbound.http_client import ExchangeError, GuardedHttpClient
from tests.support.certificates import Certificate, make_certificate
from tests.support.network import LOOPBACK
from tests.support.smtp_server import make_tls_context

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
RULES = EgressRules(may_use_loopback_http=True)

Serve = Callable[..., "RawServer"]


class RawServer:
    """Answers each connection with the same bytes; `requests` has what was asked."""

    def __init__(
        self, answer: bytes, *, pause: float = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self.requests: list[bytes] = []
        self._answer, self._pause, self._tls = answer, pause, tls
        self._closing = threading.Event()
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and end the thread."""
        self._closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with closing(connection):
                self._answer_one(connection)

    def _answer_one(self, connection: socket.socket) -> None:
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            self.requests.append(_receive(connection))
            for byte in self._parts():
                connection.sendall(byte)
                if self._pause and self._closing.wait(self._pause):
                    return
            connection.close()
        except OSError:
            return

    def _parts(self) -> Iterator[bytes]:
        if not self._pause:
            yield self._answer
            return
        for byte in self._answer:
            yield bytes([byte])


def _receive(connection: socket.socket) -> bytes:
    """Return one whole request."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    length = int((re.findall(rb"Content-Length: (\d+)", received) or [b"0"])[0])
    while len(received.partition(b"\r\n\r\n")[2]) < length:
        received += connection.recv(65536)
    return received


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A function that starts raw servers; they end with the test."""
    started: list[RawServer] = []

    def start(answer: bytes, *, pause: float = 0, tls: ssl.SSLContext | None = None) -> RawServer:
        started.append(RawServer(answer, pause=pause, tls=tls))
        return started[-1]

    yield start
    for server in started:
        server.close()


def test_form_is_posted(serve: Serve) -> None:
    """A logout notice is a form with one field, and no more of us than a name."""
    server = serve(OK)
    answer = GuardedHttpClient(RULES).post_form(
        f"http://127.0.0.1:{server.port}/logout?x=1", {"logout_token": "a.b.c"}
    )
    assert (answer.status, answer.body) == (200, b"ok")
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.splitlines()[0] == b"POST /logout?x=1 HTTP/1.1"
    assert f"Host: 127.0.0.1:{server.port}".encode() in head
    assert b"Content-Type: application/x-www-form-urlencoded" in head
    assert b"Cookie" not in head
    assert body == b"logout_token=a.b.c"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0177.0.0.1", "0x7f.1", "127.1"]
)
def test_private_address_is_never_connected_to(host: str, serve: Serve) -> None:
    """However it is spelt, an address of this machine gets not one byte."""
    server = serve(OK)
    with pytest.raises(ExchangeError):
        GuardedHttpClient(EgressRules()).get(f"https://{host}:{server.port}/")
    assert server.requests == []


def test_name_is_resolved_once(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that was checked is the one connected to: rebinding gains nothing."""
    server = serve(OK)
    asked = []
    answers = iter(["93.184.216.34", LOOPBACK])

    def resolve(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        raise ConnectionRefusedError(address[0])

    monkeypatch.setattr("idp.outbound.guarded_network.socket.getaddrinfo", resolve)
    monkeypatch.setattr("socket.create_connection", connect)
    with pytest.raises(ExchangeError, match=r"93\.184\.216\.34"):
        GuardedHttpClient(EgressRules()).get(f"https://rebind.example:{server.port}/")
    assert asked == ["rebind.example"]


def test_redirect_is_not_followed(serve: Serve) -> None:
    """A redirection is an answer like another, and leads nowhere."""
    target = serve(OK)
    location = f"http://127.0.0.1:{target.port}/".encode()
    server = serve(
        b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n"
    )
    answer = GuardedHttpClient(RULES).get(f"http://127.0.0.1:{server.port}/")
    assert answer.status == 302
    assert target.requests == []


def test_long_answer_is_left(serve: Serve) -> None:
    """No more is read than the limit says, whatever is announced."""
    server = serve(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 300_000)
    with pytest.raises(ExchangeError, match="longer than 100000 bytes"):
        GuardedHttpClient(RULES).get(f"http://127.0.0.1:{server.port}/")


@pytest.mark.parametrize("answer", [OK, b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000])
def test_dripping_answer_is_left(answer: bytes, serve: Serve) -> None:
    """A byte now and then keeps nobody waiting past the total time, in headers or body."""
    server = serve(answer, pause=0.05)
    client = GuardedHttpClient(RULES, timeout=timedelta(seconds=0.4))
    with pytest.raises(ExchangeError, match="ReadTimeout"):
        client.get(f"http://127.0.0.1:{server.port}/")


@pytest.mark.parametrize("answer", [b"", b"not http at all\r\n\r\n", b"HTTP/1.1 200 OK\r\n"])
def test_broken_answer_is_an_exchange_error(answer: bytes, serve: Serve) -> None:
    """Whatever comes back, the caller sees one kind of error."""
    server = serve(answer)
    with pytest.raises(ExchangeError):
        GuardedHttpClient(RULES).get(f"http://127.0.0.1:{server.port}/")


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    """A certificate of "localhost" and 127.0.0.1."""
    return make_certificate(tmp_path)


def test_private_authority_and_host_where_settings_allow(
    certificate: Certificate, serve: Serve
) -> None:
    """With its authority in the bundle and its name on the list, a private https site is called."""
    server = serve(OK, tls=make_tls_context(certificate))
    client = GuardedHttpClient(
        EgressRules(allowed_private_hosts=frozenset({"127.0.0.1"})),
        ca_bundle=certificate.certificate,
    )
    assert client.get(f"https://127.0.0.1:{server.port}/").status == 200


def test_unknown_authority_is_refused(certificate: Certificate, serve: Serve) -> None:
    """Certificates are verified."""
    server = serve(OK, tls=make_tls_context(certificate))
    client = GuardedHttpClient(EgressRules(allowed_private_hosts=frozenset({"127.0.0.1"})))
    with pytest.raises(ExchangeError, match="certificate verify failed"):
        client.get(f"https://127.0.0.1:{server.port}/")
    assert server.requests == []


def test_environment_proxy_is_not_used(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment would see, and could change, where requests go."""
    proxy, server = serve(OK), serve(OK)
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
    GuardedHttpClient(RULES).get(f"http://127.0.0.1:{server.port}/")
    assert proxy.requests == []
