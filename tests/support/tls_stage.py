"""The provider behind TLS beside sites of other names: what ports of one address hide.

On loopback all ports share their cookies, and every site is the same site. Here two domains that
anybody could register stand apart, as they do on the Internet: the provider's and a stranger's.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from string import Template

from playwright.sync_api import Browser, Playwright

from idp.app.keys import REQUIRED_ALGORITHMS
from idp.clock import SystemClock
from idp.protocol.client import Client
from idp.settings import load_settings
from tests.conftest import upgrade_schema
from tests.support.certificates import make_certificate
from tests.support.chromium import launch_chromium
from tests.support.network import free_port
from tests.support.processes import PROGRAMS, UNPRIVILEGED, Process
from tests.support.protocol_house import APP, SITE
from tests.support.provider import Provider
from tests.support.provider_app import PASSPHRASE, ProviderApp, make_keys_folder
from tests.support.signing import MovedClock

TEMPLATES = Path(__file__).parent / "tls"


@dataclass(frozen=True)
class TlsStage:
    """Free ports, a folder, and three addresses; the pages of both sites are files in `www`."""

    folder: Path
    port: int
    tls_port: int

    @property
    def issuer(self) -> str:
        """The provider."""
        return f"https://connexion.mutuelle.example:{self.tls_port}"

    @property
    def same_site(self) -> str:
        """A site of the provider's domain."""
        return f"https://appli.mutuelle.example:{self.tls_port}"

    @property
    def other_site(self) -> str:
        """A site of somebody else's domain."""
        return f"https://site.cabinet.example:{self.tls_port}"

    @property
    def www(self) -> Path:
        """What both sites serve; an address without a file shows index.html."""
        return self.folder / "www"

    def list_clients(self) -> list[Client]:
        """Return a site of the other domain, and an application in the browser at each."""
        site = replace(
            SITE,
            redirect_uris=(f"{self.other_site}/callback",),
            post_logout_redirect_uris=(f"{self.other_site}/bye",),
            frontchannel_logout_uri=f"{self.other_site}/signed-out",
        )
        stranger = self._make_app("stranger", self.other_site)
        return [
            site,
            self._make_app("app", self.same_site),
            replace(stranger, grant_types=(*stranger.grant_types, "refresh_token")),
        ]

    def start(self, running: ExitStack) -> None:
        """Start the provider, and nginx in front of everything; they end with `running`."""
        idp = [str(PROGRAMS / "idp"), "--config", f"{self.folder}/settings.toml", "serve"]
        nginx = ["/usr/sbin/nginx", "-e", f"{self.folder}/log", "-c", f"{self.folder}/nginx.conf"]
        for command, port, user in ((idp, self.port, None), (nginx, self.tls_port, UNPRIVILEGED)):
            log = self.folder / f"{port}.log"
            process = running.enter_context(Process(command, log=log, user=user))
            process.wait_for_port(port)

    def prepare(self) -> Provider:
        """Write the files, lay the database; return what puts people into it."""
        certificate = make_certificate(self.folder)
        names = {
            "folder": self.folder,
            "issuer": self.issuer,
            "port": self.port,
            "tls_port": self.tls_port,
            "passphrase": PASSPHRASE,
            "certificate": certificate.certificate,
            "key": certificate.key,
        }
        for template in TEMPLATES.iterdir():
            text = Template(template.read_text()).substitute(names)
            (self.folder / template.name).write_text(text)
        self.www.mkdir()
        (self.www / "index.html").write_text("<h1>Site</h1>")
        for path in (self.folder, *self.folder.rglob("*")):
            shutil.chown(path, UNPRIVILEGED)
        clock = MovedClock(SystemClock().now())
        make_keys_folder(self.folder / "keys", REQUIRED_ALGORITHMS, clock=clock)
        settings = load_settings(self.folder / "settings.toml")
        upgrade_schema(settings.database.url.get_secret_value())
        running = ProviderApp.start(settings, *self.list_clients(), clock=clock)
        return Provider(running)

    def _make_app(self, client_id: str, address: str) -> Client:
        return replace(
            APP,
            client_id=client_id,
            redirect_uris=(f"{address}/back", f"{address}/silent"),
            post_logout_redirect_uris=(f"{address}/",),
            allowed_origins=(address,),
        )


@contextmanager
def running_tls_stage() -> Iterator[TlsStage]:
    """Run it all inside the `with`, with one practitioner who has an account."""
    with tempfile.TemporaryDirectory(prefix="tls-") as folder, ExitStack() as running:
        stage = TlsStage(Path(folder), free_port(), free_port())
        provider = stage.prepare()
        provider.add_account()
        provider.running.close()
        stage.start(running)
        yield stage


def launch_on_stage(playwright: Playwright, *, is_whole: bool = False) -> Browser:
    """Start a Chromium for which every name in .example is this machine."""
    names = "--host-resolver-rules=MAP *.example 127.0.0.1"
    return launch_chromium(playwright, names, is_whole=is_whole)
