"""Several processes change keys at once, or die while they do: C3E, C109, on real files."""

import random
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

import pytest

from idp.clock import SystemClock
from idp.signing.files import FolderKeyStore
from idp.signing.key_ring import KeyRing
from idp.signing.live_keys import load_ring
from idp.signing.signing_key import KeyPlan, KeyState
from tests.conftest import StartProcess
from tests.support.key_process import change_keys
from tests.support.network import wait_until
from tests.support.processes import PROGRAMS, Process
from tests.support.signing import DAY, HOUR, PASSPHRASE

StartChange = Callable[..., Process]
CLOCK = SystemClock()
ONE_ACTIVE = {KeyState.NEXT: 0, KeyState.ACTIVE: 1, KeyState.RETIRED: 0}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A keys folder with one key that signed for a hundred days, so that the schedule is due."""
    folder = tmp_path / "keys"
    store = open_store(folder)
    store.prepare()
    begun = CLOCK.now() - 100 * DAY
    store.create_key(KeyPlan(algorithm="ES256", published_at=begun, signs_from=begun))
    return folder


@pytest.fixture
def start_change(folder: Path, start_process: StartProcess) -> StartChange:
    """A function that starts a process which changes the keys."""

    def start(act: str, *options: str | Path) -> Process:
        program = (PROGRAMS / "python", "-m", "tests.support.key_process")
        return start_process([*program, folder, act, *options])

    return start


def open_store(folder: Path) -> FolderKeyStore:
    """Return the folder as another process sees it."""
    return FolderKeyStore(folder, passphrase=PASSPHRASE)


def load(folder: Path) -> KeyRing:
    """Return the keys as a process that starts now would load them: it raises if it refused."""
    return load_ring(open_store(folder), CLOCK.now(), required=("ES256",))


def count_states(folder: Path) -> dict[KeyState, int]:
    """Return how many keys are in each state now, gone ones left out."""
    states = [life.state_at(CLOCK.now()) for life in load(folder).lives]
    return {state: states.count(state) for state in KeyState if state is not KeyState.GONE}


@pytest.mark.parametrize("acts", [["rotate"] * 4, ["schedule"] * 4, ["rotate", "schedule"] * 2])
def test_changes_at_once_make_one_next_key(
    folder: Path, start_change: StartChange, tmp_path: Path, acts: list[str]
) -> None:
    """Two admins and two workers rotate at once: one next key (C3E)."""
    go = tmp_path / "go"
    processes = [start_change(act, "--wait-for", go) for act in acts]
    go.touch()
    assert [process.wait() for process in processes] == [0] * len(acts)
    assert count_states(folder) == {KeyState.NEXT: 1, KeyState.ACTIVE: 1, KeyState.RETIRED: 0}


@pytest.mark.parametrize("act", ["rotate", "schedule", "revoke"])
def test_death_at_each_step_leaves_one_key_that_signs(
    folder: Path, start_change: StartChange, act: str
) -> None:
    """Killed before each of its steps in turn, a change leaves keys that any process loads."""
    active = load(folder).active("ES256", CLOCK.now()).kid
    target = f"revoke:{active}" if act == "revoke" else act
    assert start_change(target, "--die-at-each-step").wait(60) == 0
    copies = list(folder.parent.glob("keys-*"))
    assert len(copies) > 10
    for copy in copies:
        states = count_states(copy)
        assert states[KeyState.ACTIVE] == 1
        assert states[KeyState.NEXT] <= 1


def test_change_clears_what_a_dead_process_left(folder: Path, start_change: StartChange) -> None:
    """A draft of a process that died harms nobody, and is gone with the next change."""
    draft = folder / ".draft-of-a-dead-process"
    draft.write_text("{")
    assert count_states(folder)[KeyState.ACTIVE] == 1
    assert start_change("rotate").wait() == 0
    assert not draft.exists()


def test_first_keys_can_be_made_after_any_death(start_change: StartChange, folder: Path) -> None:
    """Killed before each step of the very first start, `init` can simply be run again."""
    rmtree(folder)
    assert start_change("init", "--die-at-each-step").wait(60) == 0
    copies = list(folder.parent.glob("keys-*"))
    assert len(copies) > 5
    for copy in copies:
        change_keys(copy, "init")
        assert load(copy).algorithms(CLOCK.now()) == ("ES256", "RS256")
        assert len(load(copy).lives) == 2


def test_death_at_random_moments_leaves_one_key_that_signs(
    folder: Path, start_change: StartChange, tmp_path: Path
) -> None:
    """Three at once, killed at random moments, round after round: one active, one next at most."""
    for number in range(4):
        go = tmp_path / f"go-{number}"
        processes = [
            start_change(act, "--wait-for", go) for act in ("rotate", "schedule", "rotate")
        ]
        go.touch()
        deadlines = [random.uniform(0, 0.5) for _ in processes]  # noqa: S311 - any moment will do
        for process, seconds in zip(processes, deadlines, strict=True):
            end_after(process, seconds)
        states = count_states(folder)
        assert states[KeyState.ACTIVE] == 1
        assert states[KeyState.NEXT] <= 1


def end_after(process: Process, seconds: float) -> None:
    """Kill a process unless it ends within these seconds."""
    try:
        wait_until(lambda: not process.is_running(), seconds)
    except TimeoutError:
        process.kill()


def test_revoking_at_once_leaves_one_key_that_signs(
    folder: Path, start_change: StartChange, tmp_path: Path
) -> None:
    """Two admins revoke the same key: one stand-in; the second is told that it is gone."""
    go = tmp_path / "go"
    active = load(folder).active("ES256", CLOCK.now()).kid
    processes = [start_change(f"revoke:{active}", "--wait-for", go) for _ in range(2)]
    go.touch()
    assert sorted(process.wait() for process in processes) == [0, 1]
    assert any("gone already" in process.output() for process in processes)
    assert count_states(folder) == ONE_ACTIVE


def test_rotated_key_is_announced_for_an_hour(folder: Path, start_change: StartChange) -> None:
    """The real thing: a process rotates, and what it wrote signs an hour later."""
    assert start_change("rotate").wait() == 0
    coming = load(folder).find_next("ES256", CLOCK.now())
    assert coming is not None
    assert coming.key.signs_from - coming.key.published_at == HOUR
