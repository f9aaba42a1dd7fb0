"""Where the demo's parts are: one folder, four ports, all on 127.0.0.1."""

import socket
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
CLIENT_ID = "site-mnspf"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPlan:
    """The folder that keeps the demo's data, and a port for each part."""

    folder: Path
    provider_port: int = 8000
    site_port: int = 8001
    mailbox_port: int = 8002
    smtp_port: int = 8025

    @property
    def ports(self) -> tuple[int, ...]:
        """Every part's port."""
        return (self.provider_port, self.site_port, self.mailbox_port, self.smtp_port)

    @property
    def issuer(self) -> str:
        """The provider's address."""
        return f"http://{HOST}:{self.provider_port}"

    @property
    def site_url(self) -> str:
        """The address of the stand-in for the customer's site."""
        return f"http://{HOST}:{self.site_port}"

    @property
    def mailbox_url(self) -> str:
        """The address of the mailbox page."""
        return f"http://{HOST}:{self.mailbox_port}"

    @property
    def mails_folder(self) -> Path:
        """Where each mail received rests as a file."""
        return self.folder / "mails"

    @property
    def settings_file(self) -> Path:
        """The provider's settings: `idp --config` takes it."""
        return self.folder / "settings.toml"

    @property
    def clients_file(self) -> Path:
        """The site's record at the provider."""
        return self.folder / "clients.toml"

    @property
    def directory_file(self) -> Path:
        """The made-up practitioners, as the insurer's export would be."""
        return self.folder / "practitioners.csv"

    @property
    def provider_log(self) -> Path:
        """Where the provider's log lines go."""
        return self.folder / "provider.log"

    def find_taken_ports(self) -> list[int]:
        """Return which of the ports somebody listens on already."""
        return [port for port in self.ports if _is_taken(port)]


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False
