"""The relying parties of the README: registered at the demo and started as it says."""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.demo import RunningDemo
from tests.support.network import free_port
from tests.support.processes import PROGRAMS, UNPRIVILEGED, Process

EXAMPLES = Path(__file__).parent / "examples"


@dataclass(frozen=True)
class Kind:
    """A library: what starts its site, the README's scripts before, and which pages do what."""

    command: Sequence[str | Path]
    greeting: str
    scripts: Sequence[str] = ("register.sh",)
    login: str = "/login"
    logout: str = "/logout"
    user: str | None = None


KINDS: Mapping[str, Kind] = {
    "openid-client": Kind(["node", EXAMPLES / "openid_client.mjs"], '"name":"{name}"'),
    "authlib": Kind([sys.executable, EXAMPLES / "authlib_site.py"], '"name":"{name}"'),
    "mod_auth_openidc": Kind(
        ["/usr/sbin/apache2", "-X", "-d", "my-site", "-f", "mod_auth_openidc.conf"],
        "Bonjour, {name}",
        scripts=("register.sh", "prepare_apache.sh"),
        login="/",
        logout="/callback?logout={site}/",
        user=UNPRIVILEGED,
    ),
}


@dataclass(frozen=True)
class Site:
    """A relying party that runs."""

    address: str
    client_id: str
    kind: Kind

    @property
    def login_url(self) -> str:
        """Where a sign-in begins."""
        return self.address + self.kind.login

    @property
    def logout_url(self) -> str:
        """Where it ends, here and at the provider."""
        return self.address + self.kind.logout.format(site=self.address)

    def greet(self, name: str) -> str:
        """Return what the site shows to somebody of this name."""
        return self.kind.greeting.format(name=name)


FindSite = Callable[[str], Site]


@contextmanager
def running_site(kind: Kind, demo: RunningDemo) -> Iterator[Site]:
    """Register a site of this kind at the demo and run it, on a free port, inside the `with`."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="site-") as name:
        folder = Path(name)
        environment = follow_readme(demo, kind.scripts, folder, port)
        shutil.copytree(EXAMPLES, folder / "my-site", dirs_exist_ok=True)
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, kind.user or os.geteuid())
        with Process(
            kind.command,
            log=folder / "log",
            environment=environment,
            folder=folder,
            user=kind.user,
        ) as process:
            process.wait_for_port(port)
            yield Site(environment["SITE"], environment["CLIENT_ID"], kind)


def follow_readme(
    demo: RunningDemo, scripts: Sequence[str], folder: Path, port: int
) -> dict[str, str]:
    """Run scripts of the README on this demo and port; return the environment they leave."""
    script = "\n".join((EXAMPLES / name).read_text() for name in scripts)
    for written, meant in {
        ".venv/bin/idp": shlex.quote(str(PROGRAMS / "idp")),
        ".demo/settings.toml": shlex.quote(str(demo.plan.settings_file.resolve())),
        "http://127.0.0.1:8000": demo.plan.issuer,
        "8100": str(port),
        "=my-site": f"=site-{port}",
    }.items():
        script = script.replace(written, meant)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"{script}\nprintf '\\0'; env -0"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    variables = done.stdout.split("\0")[1:-1]
    return dict(variable.split("=", 1) for variable in variables)
