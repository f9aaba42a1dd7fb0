"""`idp demo`: one command starts everything, one signal stops it, data survives.

A start takes seconds, so one story is lived through once, and each test looks at one part of it.
"""

import os
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from idp.demo.practitioners import list_practitioners
from tests.support.demo import READY, make_command, make_plan
from tests.support.network import LOOPBACK, is_listening
from tests.support.processes import PROGRAMS, Process

pytestmark = pytest.mark.timeout(300)


@dataclass
class Life:
    """One run of the demo: what it printed, what its parts answered, how it ended."""

    pages: dict[str, httpx.Response] = field(default_factory=dict)
    output: str = ""
    exit_code: int | None = None
    ports_left: list[int] = field(default_factory=list)


class Stage:
    """Where demos of one folder and four free ports are run, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.plan = make_plan(folder)
        self._log = folder / "demo.log"

    @property
    def ports(self) -> list[int]:
        """Every port of the demo."""
        plan = self.plan
        return [plan.provider_port, plan.site_port, plan.mailbox_port, plan.smtp_port]

    def start(self, *options: str) -> Process:
        """Start the demo, not waiting for it."""
        self._log.unlink(missing_ok=True)
        return Process(make_command(self.plan, *options), log=self._log)

    def live(self, how_to_end: signal.Signals | None, *options: str) -> Life:
        """Start, look at every page, end by a signal (None: let the provider die)."""
        life = Life()
        with self.start(*options) as demo:
            demo.wait_for_output(READY, timeout=90)
            life.pages = dict(self._look())
            if how_to_end is None:
                kill_children(demo)
            else:
                demo.send(how_to_end)
            life.exit_code = demo.wait(40)
            life.output = demo.output()
            life.ports_left = [port for port in self.ports if is_listening(port)]
        return life

    def _look(self) -> Iterator[tuple[str, httpx.Response]]:
        plan = self.plan
        with httpx.Client(follow_redirects=True, timeout=30) as browser:
            yield "health", browser.get(f"{plan.issuer}/readyz")
            yield "site", browser.get(plan.site_url)
            yield "silent try", browser.get(f"{plan.site_url}/espace")
            yield "sign-in", browser.get(f"{plan.site_url}/connexion")
            yield "mailbox", browser.get(plan.mailbox_url)
            yield "other name", browser.get(f"http://localhost:{plan.site_port}/")


def kill_children(demo: Process) -> None:
    """End what the demo started, as a crash would."""
    for pid in Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split():
        os.kill(int(pid), signal.SIGKILL)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """An empty folder and free ports."""
    return Stage(tmp_path_factory.mktemp("stage"))


@pytest.fixture(scope="module")
def first(stage: Stage) -> Life:
    """The first start, ended by Ctrl-C; then a mail arrives in the folder."""
    life = stage.live(signal.SIGINT)
    stage.plan.mails_folder.mkdir(exist_ok=True)
    mail = stage.plan.mails_folder / "20260302T093000000000.eml"
    mail.write_bytes(b"Subject: A mail of the first life\r\n\r\nx\r\n")
    return life


@pytest.fixture(scope="module")
def second(stage: Stage, first: Life) -> Life:
    """The second start, ended by TERM."""
    assert first.exit_code == 0
    return stage.live(signal.SIGTERM)


@pytest.fixture(scope="module")
def third(stage: Stage, second: Life) -> Life:
    """The third start, afresh; then the provider dies."""
    assert second.exit_code == 0
    return stage.live(None, "--reset")


def test_demo_says_what_to_open_and_type(first: Life, stage: Stage) -> None:
    """Addresses, and for each practitioner the number, the IBAN and its last five characters."""
    plan = stage.plan
    assert all(url in first.output for url in (plan.issuer, plan.site_url, plan.mailbox_url))
    for sample in list_practitioners():
        assert all(text in first.output for text in (sample.finess, sample.iban, sample.name))


def test_provider_is_ready(first: Life) -> None:
    """What the demo says is true when it says so."""
    assert first.pages["health"].json()["status"] == "ok"


def test_site_and_mailbox_show_their_first_page(first: Life) -> None:
    """In French, each with the next thing to do."""
    assert "Se connecter" in first.pages["site"].text
    assert "Aucun message" in first.pages["mailbox"].text


def test_site_is_registered_at_the_provider(first: Life, stage: Stage) -> None:
    """« Se connecter » leads to the provider's login page, which names the site."""
    page = first.pages["sign-in"]
    assert str(page.url).startswith(f"{stage.plan.issuer}/connexion")
    assert "Site de la MNSPF" in page.text


def test_silent_try_finds_nobody(first: Life, stage: Stage) -> None:
    """A stranger who opens the space is not sent to the login page: prompt=none came back."""
    page = first.pages["silent try"]
    assert str(page.url) == f"{stage.plan.site_url}/espace"
    assert "Vous n’êtes pas connecté" in page.text


def test_site_has_one_address(first: Life, stage: Stage) -> None:
    """Whoever types "localhost" comes to the address that is registered, or no sign-in returns."""
    assert str(first.pages["other name"].url) == f"{stage.plan.site_url}/"


@pytest.mark.parametrize("life", ["first", "second"])
def test_one_signal_stops_everything(life: str, request: pytest.FixtureRequest) -> None:
    """Ctrl-C, or TERM: exit code 0, and nothing listens any more."""
    ended: Life = request.getfixturevalue(life)
    assert (ended.exit_code, ended.ports_left) == (0, [])
    assert "La démonstration est arrêtée." in ended.output


def test_restart_keeps_data(second: Life) -> None:
    """A mail received before is still there."""
    assert "A mail of the first life" in second.pages["mailbox"].text


def test_reset_starts_afresh(third: Life) -> None:
    """With --reset nothing of before is left."""
    assert "Aucun message" in third.pages["mailbox"].text


def test_provider_that_dies_ends_the_demo(third: Life) -> None:
    """The demo does not go on without its provider, and says where the log is."""
    assert (third.exit_code, third.ports_left) == (1, [])
    assert "Le fournisseur d’identité s’est arrêté." in third.output
    assert "provider.log" in third.output


@pytest.fixture
def other_stage(tmp_path: Path) -> Stage:
    """A folder and ports of one test alone."""
    return Stage(tmp_path)


def test_taken_port_is_a_sentence(other_stage: Stage) -> None:
    """A port in use is told in French, without a traceback; nothing was written."""
    plan = other_stage.plan
    with socket.create_server((LOOPBACK, plan.site_port)), other_stage.start() as demo:
        assert demo.wait() == 1
        assert f"le port {plan.site_port} de 127.0.0.1 est déjà pris" in demo.output()
        assert "Traceback" not in demo.output()
    assert not plan.folder.exists()


def test_foreign_folder_is_a_sentence(other_stage: Stage) -> None:
    """A folder that holds something else stays as it is, with --reset too."""
    folder = other_stage.plan.folder
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")
    with other_stage.start("--reset") as demo:
        assert demo.wait() == 1
        assert "contient autre chose qu’une démonstration" in demo.output()
    assert [file.name for file in folder.iterdir()] == ["thesis.txt"]


def test_operators_settings_are_not_used(other_stage: Stage) -> None:
    """The demo cannot be run over a production's settings: it refuses --config."""
    settings = other_stage.plan.folder.parent / "production.toml"
    settings.write_text("")
    with Process(
        [PROGRAMS / "idp", "--config", settings, "demo"], log=settings.with_suffix(".log")
    ) as demo:
        assert demo.wait() == 2
        assert "run it without --config" in demo.output()
