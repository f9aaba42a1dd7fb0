"""The provider, as the demo runs it: `idp` in processes of its own, with its own settings."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from idp.demo.plan import DemoPlan

_START_SECONDS = 60
_STOP_SECONDS = 25
_LOOK_SECONDS = 0.1


class ProviderFault(Exception):  # noqa: N818 - a fault of the demo's provider, told in French
    """The provider did not do what was asked; the message is a French sentence."""


class Provider:
    """Prepares, starts and stops the provider of one demo."""

    def __init__(self, plan: DemoPlan) -> None:
        """Take where everything is."""
        self._plan = plan
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Upgrade the database, make what keys are missing, register site and practitioners.

        Raises:
            ProviderFault: with what the command said.

        """
        self._run("db", "upgrade")
        self._run("keys", "init")
        self._run("clients", "apply")
        self._run("practitioners", "import", str(self._plan.directory_file))

    def start(self) -> None:
        """Start serving and return once it answers.

        Raises:
            ProviderFault: it ended, or did not answer in time.

        """
        with self._plan.provider_log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                self._command("serve"),
                env=_make_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_answering():
            if not self.is_running():
                raise ProviderFault("Le fournisseur d’identité s’est arrêté au démarrage.")
            if time.monotonic() > deadline:
                raise ProviderFault("Le fournisseur d’identité ne répond pas.")
            time.sleep(_LOOK_SECONDS)

    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ask it to end, and end what is left of it by force."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _command(self, *words: str) -> list[str]:
        program = str(Path(sys.executable).parent / "idp")
        return [program, "--config", str(self._plan.settings_file), *words]

    def _run(self, *words: str) -> None:
        done = subprocess.run(  # noqa: S603 - our own program
            self._command(*words),
            env=_make_environment(),
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if done.returncode != 0:
            said = done.stdout.decode(errors="replace").strip()
            with self._plan.provider_log.open("a", encoding="utf-8") as log:
                log.write(f"{said}\n")
            last = said.rpartition("\n")[2]
            raise ProviderFault(f"La commande « idp {' '.join(words)} » a échoué : {last}")

    def _is_answering(self) -> bool:
        try:
            with urlopen(f"{self._plan.issuer}/readyz", timeout=2) as answer:  # noqa: S310 - http, ours
                return bool(answer.status == 200)  # noqa: PLR2004
        except (URLError, OSError):
            return False


def _make_environment() -> dict[str, str]:
    """Return an environment without the operator's own IDP_ variables."""
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
