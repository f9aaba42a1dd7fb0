"""Bytes that no HTTP library sends, at the server that operators run (`idp serve`)."""

import socket
from pathlib import Path

from tests.conftest import StartProcess
from tests.support.databases import Databases
from tests.support.network import LOOPBACK
from tests.support.served_provider import Node, ServedProvider

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
RAW = {
    "path that is no UTF-8": b"GET /\xe9\xff HTTP/1.1\r\n",
    "path of broken escapes": b"GET /%zz%ff%00 HTTP/1.1\r\n",
    "query that is no UTF-8": b"GET /authorize?client_id=\xff\xfe HTTP/1.1\r\n",
    "static file outside": b"GET /static/..%2f..%2fpyproject.toml HTTP/1.1\r\n",
    "another host in the line": b"GET http://evil.example/connexion HTTP/1.1\r\n",
    "asterisk": b"OPTIONS * HTTP/1.1\r\n",
    "unknown method": b"BREW /connexion HTTP/1.1\r\n",
    "header that is no text": b"GET /connexion HTTP/1.1\r\nAccept-Language: \xff\xfe\r\n",
    "cookie that is no text": b"GET /compte HTTP/1.1\r\nCookie: session=\xff\xfe; csrf=\x80\r\n",
    "bearer that is no text": b"GET /userinfo HTTP/1.1\r\nAuthorization: Bearer \xff\xe9\r\n",
    "basic that is no text": b"POST /token HTTP/1.1\r\nAuthorization: Basic \xff\r\n" + FORM,
    "origin that is no text": b"POST /token HTTP/1.1\r\nOrigin: \xff\r\n" + FORM,
    "negative length": b"POST /token HTTP/1.1\r\nContent-Length: -1\r\n" + FORM,
    "two lengths": b"POST /token HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n" + FORM,
    "boundary that is no text": b"POST /connexion HTTP/1.1\r\nContent-Type: "
    b"multipart/form-data; boundary=\xff\r\n",
    "address of 60 kB": b"GET /authorize?x=" + b"y" * 60_000 + b" HTTP/1.1\r\n",
    "600 headers": b"GET /connexion HTTP/1.1\r\n" + b"X: y\r\n" * 600,
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\r\n",
}


def test_raw_bytes(
    keys_folder: Path, sqlite_databases: Databases, start_process: StartProcess
) -> None:
    """Each gets an answer below 500, from a server that goes on."""
    url = sqlite_databases.url(sqlite_databases.create_migrated())
    node = ServedProvider(keys_folder, url, start_process).serve()
    statuses = {name: send(node, begin) for name, begin in RAW.items()}
    assert {name: status for name, status in statuses.items() if not 200 <= status < 500} == {}
    assert node.is_ready()


def send(node: Node, begin: bytes) -> int:
    """Send the beginning of a request, end its headers, and return the status of the answer."""
    with socket.create_connection((LOOPBACK, node.port), timeout=20) as connection:
        connection.sendall(begin + f"Host: {node.host}\r\nConnection: close\r\n\r\n".encode())
        status_line = connection.makefile("rb").readline()
    return int(status_line.split()[1])
