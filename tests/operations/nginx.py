"""Debian's nginx with the file of config/deploy/, as an unprivileged process on loopback.

What an operator replaces is replaced: names, certificates, addresses and where the logs lie; and
the ports, since the tests have no right to 80 and 443.
"""

import json
import re
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.conftest import StartProcess
from tests.support.certificates import Certificate, make_certificate
from tests.support.network import LOOPBACK, free_port
from tests.support.processes import REPOSITORY, UNPRIVILEGED, identity_of

SHIPPED = REPOSITORY / "config" / "deploy" / "nginx.conf"
NAME = "connexion.mnspf.fr"

_AROUND = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/main-error.log;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/idp.conf;
}}
"""


class Nginx:
    """nginx in front of nodes; `https_port` is where browsers come to."""

    def __init__(self, node_ports: Sequence[int]) -> None:
        self.folder = folder = Path(tempfile.mkdtemp(prefix="nginx-"))
        self.http_port, self.https_port = free_port(), free_port()
        self.issuer = f"https://{LOOPBACK}:{self.https_port}"
        certificate = make_certificate(folder)
        self.trust = ssl.create_default_context(cafile=certificate.certificate)
        nodes = "\n".join(f"    server {LOOPBACK}:{port};" for port in node_ports)
        text = SHIPPED.read_text("utf-8")
        for pattern, replacement in self._list_replacements(certificate, nodes):
            text, count = re.subn(pattern, replacement, text)
            assert count, f"{pattern} is not in {SHIPPED}"
        (folder / "idp.conf").write_text(text, "utf-8")
        (folder / "nginx.conf").write_text(_AROUND.format(folder=folder), "utf-8")
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, UNPRIVILEGED)

    def _list_replacements(self, certificate: Certificate, nodes: str) -> Iterator[tuple[str, str]]:
        yield r"(?m)^ +listen \[::\].*\n", ""
        yield r"listen 80;", f"listen {LOOPBACK}:{self.http_port};"
        yield r"listen 443 ", f"listen {LOOPBACK}:{self.https_port} "
        yield r"return 301 https://connexion\.mnspf\.fr", f"return 301 {self.issuer}"
        yield r"server_name connexion\.mnspf\.fr", f"server_name {LOOPBACK}"
        yield r"(?m)^ +server 127\.0\.0\.1:8000;", nodes
        yield r"/etc/ssl/idp/fullchain\.pem", str(certificate.certificate)
        yield r"/etc/ssl/idp/privkey\.pem", str(certificate.key)
        yield r"/var/log/nginx/", f"{self.folder}/"
        yield r"Host \$host;", f"Host $host:{self.https_port};"

    def check(self) -> subprocess.CompletedProcess[str]:
        """Let nginx read its files."""
        return subprocess.run(
            [*self._command, "-t"],
            capture_output=True,
            text=True,
            check=False,
            **identity_of(UNPRIVILEGED),
        )

    def start(self, start_process: StartProcess) -> None:
        """Start it and return when it listens."""
        process = start_process(self._command, user=UNPRIVILEGED, folder=self.folder)
        process.wait_for_port(self.https_port)

    def close(self) -> None:
        """Forget its files."""
        shutil.rmtree(self.folder)

    def read_log(self) -> list[dict[str, Any]]:
        """Return the lines of the access log."""
        lines = (self.folder / "idp.log").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]

    @property
    def _command(self) -> list[str]:
        # What fails before the configuration is read would go to Debian's log.
        options = ["-e", str(self.folder / "main-error.log")]
        return ["/usr/sbin/nginx", *options, "-c", str(self.folder / "nginx.conf")]
