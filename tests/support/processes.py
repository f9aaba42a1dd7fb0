"""Child processes: started with a log, waited for by what they say, ended with their children."""

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self, TypedDict

from tests.support.network import is_listening, wait_until

REPOSITORY = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
"""Where the environment's programs are: `PROGRAMS / "idp"`."""

UNPRIVILEGED = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
"""A user who is not root, for servers that refuse root and for tests of file permissions."""


class Identity(TypedDict, total=False):
    """As whom a program runs, in the words of `subprocess`."""

    user: str
    group: int
    extra_groups: list[str | int]


class ProcessOptions(TypedDict, total=False):
    """What else one may say of a `Process`."""

    environment: Mapping[str, str]
    folder: Path
    user: str


class Process:
    """A program running in a process group of its own.

    Args:
        command: the program and its arguments.
        log: the file to which its output and errors are appended.
        environment: variables that replace or join those of the tests.
        folder: where it runs; the repository if not said.
        user: as whom it runs; this matters only where the tests run as root.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        folder: Path = REPOSITORY,
        user: str | None = None,
    ) -> None:
        self.log = log
        self._command = [str(word) for word in command]
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                self._command,
                cwd=folder,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                **identity_of(user),
            )
        self.pid = self._popen.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def output(self) -> str:
        """Return all that it printed so far."""
        return self.log.read_text(errors="replace")

    def is_running(self) -> bool:
        """Say whether it has not ended yet."""
        return self._popen.poll() is None

    def wait_for_output(self, text: str, timeout: float = 20) -> str:
        """Return the line in which `text` was printed; see `wait_for` for what is raised."""
        self.wait_for(lambda: text in self.output(), timeout)
        return next(line for line in self.output().splitlines() if text in line)

    def wait_for_port(self, port: int, timeout: float = 20) -> None:
        """Return once something listens on this port; see `wait_for` for what is raised."""
        self.wait_for(lambda: is_listening(port), timeout)

    def wait_for(self, predicate: Callable[[], bool], timeout: float = 20) -> None:
        """Return once `predicate` is true.

        Raises:
            RuntimeError: the process ended before, or it took over `timeout` seconds; the message
                has the end of its output.
        """
        try:
            wait_until(lambda: predicate() or not self.is_running(), timeout)
        except TimeoutError as error:
            raise RuntimeError(self._describe("is too slow")) from error
        if not self.is_running():
            raise RuntimeError(self._describe(f"ended with {self._popen.returncode}"))

    def wait(self, timeout: float = 20) -> int:
        """Return its exit code once it has ended by itself."""
        return self._popen.wait(timeout)

    def send(self, signal_number: signal.Signals) -> None:
        """Send a signal to the process alone, not to its children."""
        self._popen.send_signal(signal_number)

    def stop(self, timeout: float = 20) -> int:
        """Ask it to end, end by force what is left of its group, and return its exit code."""
        self._popen.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(timeout)
        return self.kill()

    def kill(self) -> int:
        """End it and its children by force, and return its exit code."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        return self._popen.wait()

    def _describe(self, what: str) -> str:
        return f"{' '.join(self._command)} {what}:\n{self.output()[-2000:]}"


def identity_of(user: str | None) -> Identity:
    """Return what makes `subprocess` run as this user: nothing where one is not root."""
    if user is None or os.geteuid() != 0:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def run_unprivileged(
    command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end as a user who is not root; `environment` joins that of the tests."""
    return subprocess.run(
        [str(word) for word in command],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        **identity_of(UNPRIVILEGED),
    )
