"""The files of config/deploy/ are taken by the programs that read them; no unit is booted."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from idp.cli import main
from tests.operations.conftest import MakeNginx
from tests.support.processes import REPOSITORY

DEPLOY = REPOSITORY / "config" / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
COMMAND = re.compile(r"(?:`|^    |[\"/;] ?)idp(?: --config \S+)?((?: [a-z][a-z-]*)+)", re.MULTILINE)
TEXTS = [REPOSITORY / "README.md", *sorted((REPOSITORY / "config").rglob("*.*"))]


def test_nginx_takes_the_shipped_file(make_nginx: MakeNginx) -> None:
    """Debian's nginx finds no fault in it, whatever it is told of names and ports."""
    checked = make_nginx([8000, 8001]).check()
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_takes_the_shipped_units(unit: Path, tmp_path: Path) -> None:
    """systemd-analyze finds no fault, once the program stands where the unit says."""
    program = tmp_path / "idp"
    shutil.copy("/bin/true", program)
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text("utf-8").replace("/opt/idp/.venv/bin/idp", str(program)))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", "--man=no", copy],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_units_are_hardened(unit: Path) -> None:
    """systemd-analyze security rates what a unit is exposed to below 1.5 of 10."""
    checked = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=15", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout[-300:]


def test_units_are_hardened_alike() -> None:
    """What one unit may not do the other may not either."""
    sandboxes = {unit.read_text("utf-8").partition("StateDirectory=")[2] for unit in UNITS}
    assert len(sandboxes) == 1


def test_a_command_by_hand_has_settings_and_secrets(tmp_path: Path) -> None:
    """Whatever characters a secret has, as systemd reads it: the program gets it and its words."""
    secrets, runuser = tmp_path / "secrets.env", tmp_path / "runuser"
    secrets.write_text("IDP_MAIL__PASSWORD='a&b $c\"d\\e #f'\n", "utf-8")
    seen = '"$*" "$IDP_CONFIG" "$IDP_MAIL__PASSWORD"'
    runuser.write_text(f"#!/bin/sh\nprintf '%s\\n' {seen}\n", "utf-8")
    runuser.chmod(0o755)
    script = (DEPLOY / "idp").read_text("utf-8").replace("/etc/idp/secrets.env", str(secrets))
    ran = subprocess.run(
        ["sh", "-c", script, "idp", "keys", "list"],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines() == [
        "-u idp -- /opt/idp/.venv/bin/idp keys list",
        "/etc/idp/settings.toml",
        'a&b $c"d\\e #f',
    ]


@pytest.mark.parametrize("file", [*UNITS, DEPLOY / "idp"], ids=lambda file: file.name)
def test_the_readme_lays_what_the_files_name(file: Path) -> None:
    """A newcomer makes each path that a unit or the program by hand takes for granted."""
    steps = (REPOSITORY / "README.md").read_text("utf-8").partition("## For the operator")[2]
    paths = set(re.findall(r"/(?:etc|opt|var)/[\w./-]+", file.read_text("utf-8")))
    made_by_make_environment = {"/opt/idp/.venv/bin/idp"}
    assert [path for path in paths - made_by_make_environment if path not in steps] == []


def test_the_image_gets_what_the_program_needs(tmp_path: Path) -> None:
    """Of what the Containerfile copies the project can be installed, and every page drawn."""
    copied = re.findall(r"(?m)^COPY (.+) \S+$", (DEPLOY / "Containerfile").read_text("utf-8"))
    for source in " ".join(copied).split():
        copy = shutil.copytree if source.endswith("/") else shutil.copy
        copy(REPOSITORY / source, tmp_path / source)
    install = "from flit_core.buildapi import build_editable; build_editable('.')"
    draw = "from idp.cli import main; main(['pages', 'gallery', 'drawn'])"
    for program in (install, draw):
        ran = subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=False
        )
        assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_commands_that_are_named_exist(file: Path) -> None:
    """Each `idp …` of the README, of a remedy or of a comment is a command of the program."""
    named = COMMAND.findall(file.read_text("utf-8"))
    assert [words for words in named if not is_command(words.split())] == []


def is_command(words: list[str]) -> bool:
    """Say whether words begin with a whole command, or are a group of commands."""
    command: click.Command | None = main
    context = click.Context(main)
    for word in words:
        if not isinstance(command, click.Group):
            return True
        command = command.get_command(context, word)
    return command is not None
