"""Attack case C84: the host a browser names never gets into a mail."""

import socket
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.conftest import StartProcess
from tests.support.databases import Databases
from tests.support.network import LOOPBACK
from tests.support.provider import EMAIL, FINESS, Provider
from tests.support.served_provider import Node, ServedProvider
from tests.support.signing import MINUTE
from tests.support.visitor import Visitor

EVIL = "evil.example"
PATH = "/mot-de-passe-oublie"


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Original-Host", "X-Host", "Forwarded"])
def test_c84_host_headers(provider: Provider, visitor: Visitor, header: str) -> None:
    """C84: a foreign Host is refused, other headers are nothing; links stand on the issuer."""
    provider.add_account()
    page = visitor.open(PATH)
    typed = visitor.fill(page.find_form("reset-request-submit"), "reset-request-submit")
    typed |= {"finess": FINESS, "email": EMAIL}
    assert visitor.request("POST", PATH, typed, {"Host": EVIL}).status_code == 400
    assert provider.mailbox.read(EMAIL) == []
    value = f"host={EVIL}" if header == "Forwarded" else EVIL
    assert visitor.request("POST", PATH, typed, {header: value}).status_code == 303
    assert EVIL not in provider.mailbox.read_latest(EMAIL).text


def send_raw(node: Node, *lines: str, body: str = "") -> str:
    """Send a request line by line; return everything that came back."""
    length = [f"Content-Length: {len(body)}"] if body else []
    form = ["Content-Type: application/x-www-form-urlencoded"] if body else []
    head = "\r\n".join([*lines, *form, *length, "Connection: close", "", body])
    with socket.create_connection((LOOPBACK, node.port), timeout=20) as connection:
        connection.sendall(head.encode())
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def test_c84_odd_request_lines(
    keys_folder: Path, sqlite_databases: Databases, start_process: StartProcess
) -> None:
    """C84: an absolute request line, two Hosts, none: refused, or the issuer's link is mailed."""
    url = sqlite_databases.url(sqlite_databases.create_migrated())
    tables = {"server": {"trusted_proxies": "1"}, "reset": {"mails_per_hour": "9"}}
    served = ServedProvider(keys_folder, url, start_process, tables)
    provider = served.prepare()
    provider.add_account()
    node = served.serve()
    form = node.open_form(PATH, "reset-request-submit")
    body = urlencode({**form.fields, "finess": FINESS, "email": EMAIL})
    cookie, host = f"Cookie: {form.cookies}", f"Host: {served.host}"
    answers = [
        send_raw(node, f"POST http://{EVIL}{PATH} HTTP/1.1", host, cookie, body=body),
        send_raw(
            node, f"POST http://{served.host}{PATH} HTTP/1.1", f"Host: {EVIL}", cookie, body=body
        ),
        send_raw(node, f"POST {PATH} HTTP/1.1", host, f"Host: {EVIL}", cookie, body=body),
        send_raw(node, f"POST {PATH} HTTP/1.1", f"Host: {EVIL}", host, cookie, body=body),
        send_raw(node, f"POST {PATH} HTTP/1.0", cookie, body=body),
        send_raw(
            node, f"POST {PATH} HTTP/1.1", host, f"X-Forwarded-Host: {EVIL}", cookie, body=body
        ),
    ]
    statuses = [answer.split(" ", 2)[1] for answer in answers]
    assert set(statuses) <= {"303", "400"}
    assert statuses[-1] == "303"
    assert not any(EVIL in answer for answer in answers)
    provider.clock.advance(MINUTE)
    mails = provider.mailbox.read(EMAIL)
    assert len(mails) == statuses.count("303")
    assert all(f"http://{served.host}/" in mail.text and EVIL not in mail.text for mail in mails)
