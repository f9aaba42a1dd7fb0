"""The installed program as a process: exit codes, file modes, users, and two at once."""

import json
import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import StartProcess
from tests.support.admin_program import AdminProgram, write_settings
from tests.support.directory_list import make_row, write_list
from tests.support.processes import PROGRAMS, UNPRIVILEGED

IDP = PROGRAMS / "idp"


@pytest.fixture
def wide_umask() -> Iterator[None]:
    """A umask that would let anybody read and write new files."""
    earlier = os.umask(0)
    yield
    os.umask(earlier)


@contextmanager
def as_unprivileged_user() -> Iterator[None]:
    """Be a user whom file modes bind; whoever runs the tests as such a user stays it."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(pwd.getpwnam(UNPRIVILEGED).pw_uid)
    yield
    os.seteuid(user)


def run(
    config: Path, *words: str | Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return subprocess.run(
        [IDP, "--config", config, *words],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def test_exit_codes(admin: AdminProgram, tmp_path: Path) -> None:
    """0: done, 1: bad rows, 2: wrong command or settings; never a trace."""
    file = write_list(tmp_path / "liste.csv", [make_row(1), make_row(2, name="")])
    bad_rows = run(admin.config, "practitioners", "import", file)
    shown = run(admin.config, "practitioners", "show", make_row(1)["finess"], "--json")
    wrong = run(admin.config, "practitioners", "show", "75")
    unset = run(Path(os.devnull), "db", "check")
    assert [ended.returncode for ended in (bad_rows, shown, wrong, unset)] == [1, 0, 2, 2]
    assert "line 3: " in bad_rows.stdout
    assert json.loads(shown.stdout)["name"] == "Cabinet 1"
    assert "secrets.master" in unset.stderr
    assert "Traceback" not in bad_rows.stderr + wrong.stderr + unset.stderr


def test_settings_are_found_by_the_environment(admin: AdminProgram) -> None:
    """IDP_CONFIG names the file where --config does not."""
    ended = subprocess.run(
        [IDP, "db", "check"], env={**os.environ, "IDP_CONFIG": str(admin.config)}, check=False
    )
    assert ended.returncode == 0


@pytest.mark.usefixtures("wide_umask")
def test_what_is_made_is_private(tmp_path: Path) -> None:
    """Database, its companions, its folder, keys and backup, whatever the umask (C110)."""
    config = tmp_path / "settings.toml"
    write_settings(config, f"sqlite:///{tmp_path}/var/idp.sqlite3")
    backup = tmp_path / "backup"
    for words in (["db", "upgrade"], ["keys", "init"], ["db", "backup", str(backup)]):
        ended = run(config, *words)
        assert ended.returncode == 0, ended.stderr
    made = [backup, *(tmp_path / "var").iterdir(), *(tmp_path / "keys").iterdir()]
    assert {oct(file.stat().st_mode & 0o777) for file in made} == {"0o600"}
    folders = [tmp_path / "var", tmp_path / "keys"]
    assert {oct(folder.stat().st_mode & 0o777) for folder in folders} == {"0o700"}


def test_wrong_user_is_told() -> None:
    """Who may not open the database gets a sentence with exit code 1 (C109)."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        write_settings(folder / "settings.toml", f"sqlite:///{folder}/var/idp.sqlite3")
        (folder / "var").mkdir(mode=0)
        with as_unprivileged_user():
            refusal = AdminProgram(folder / "settings.toml").refuse("db", "check")
    assert "Permission denied" in refusal
    assert "run idp as the service's user" in refusal


def test_address_that_is_none_is_a_wrong_setting(tmp_path: Path) -> None:
    """Exit code 2, as for any setting."""
    write_settings(tmp_path / "settings.toml", "mysql://127.0.0.1/idp")
    refusal = AdminProgram(tmp_path / "settings.toml").refuse("db", "check", code=2)
    assert "database.url" in refusal


def test_operator_behind_sudo_is_recorded(admin: AdminProgram, tmp_path: Path) -> None:
    """The trail names the system's user and who called sudo."""
    file = write_list(tmp_path / "liste.csv", [make_row(1)])
    run(admin.config, "practitioners", "import", file, environment={"SUDO_USER": "marie"})
    (event,) = admin.trail("directory.imported")
    assert (event.operator or "").endswith(" (sudo: marie)")


def test_two_imports_at_once_are_safe(
    admin: AdminProgram, tmp_path: Path, start_process: StartProcess
) -> None:
    """Two administrators load the same list: each row is added once, and neither fails."""
    file = write_list(tmp_path / "liste.csv", map(make_row, range(3000)))
    command: list[str | Path] = [IDP, "--config", admin.config, "practitioners", "import", file]
    both = [start_process(command) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0], [each.output() for each in both]
    with admin.toolbox.unit_of_work() as unit:
        assert len(list(unit.practitioners.find_open_numbers())) == 3000
