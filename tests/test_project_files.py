"""What is committed is fit to be: no address of a registry, no trace of a machine, whole locks."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.processes import REPOSITORY

LOCKS = sorted((REPOSITORY / ".ci/lock").glob("*.txt"))
# What is installed, and what compiles a part of it.
EVERYTHING = "".join(
    (REPOSITORY / f".ci/lock/{name}.txt").read_text() for name in ("dev", "argon2")
)
NODE_LOCK = REPOSITORY / "tests/relying_parties/package-lock.json"

# Written with a class of one letter each, so that this file does not match itself.
REGISTRIES = re.compile(r"pyp[i]\.(org|io)|pythonhoste[d]|npmj[s]\.|deb\.debia[n]|crates\.i[o]")
MACHINES = re.compile(r"/wor[k]/[a-z.]|/hom[e]/[a-z]|/User[s]/|bash_job[s]")
MISPRINTED_DOMAINS = re.compile(r"mnsfp|mnspp", re.IGNORECASE)


def committed_files(*folders: str) -> list[Path]:
    """Return the text files that are committed or about to be, under these folders or anywhere."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *folders]
    listed = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
    files = [REPOSITORY / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file() and b"\0" not in file.read_bytes()]


def matches(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    """Return where a pattern occurs, as "file:line: text"."""
    return [
        f"{file.relative_to(REPOSITORY)}:{number}: {line.strip()}"
        for file in files
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("pattern", [REGISTRIES, MACHINES], ids=["registries", "machines"])
def test_no_address_of_where_it_was_made(pattern: re.Pattern[str]) -> None:
    """No committed file names a package registry's host or a folder of somebody's machine."""
    assert matches(pattern, committed_files()) == []


def test_misprinted_domains_stand_nowhere() -> None:
    """The domains that the printed guide misspells are in no page, mail, setting or code."""
    assert matches(MISPRINTED_DOMAINS, committed_files("idp", "templates", "config")) == []


def test_no_key_is_committed() -> None:
    """keys/ holds its README and nothing else that git knows of."""
    assert {file.name for file in committed_files("keys")} <= {"README.md"}
    assert matches(re.compile(r"BEGIN [A-Z ]*PRIVATE KE[Y]"), committed_files()) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_lock_pins_digests_alone(lock: Path) -> None:
    """Each package of a lock has one version and digests; no option, index or address follows."""
    statements = lock.read_text().replace("\\\n", " ").splitlines()
    packages = [line for line in statements if line and not line.lstrip().startswith("#")]
    pinned = re.compile(r"[a-z0-9-]+==\S+( ; [^#]*?)?( +--hash=sha256:[0-9a-f]{64})+")
    assert [line for line in packages if not pinned.fullmatch(line)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_lock_agrees_with_the_others(lock: Path) -> None:
    """A package has the same version in every lock, and every lock can build the project."""
    versions = set(re.findall(r"^[a-z0-9-]+==.*?(?= \\)", lock.read_text(), re.MULTILINE))
    assert {version for version in versions if version not in EVERYTHING} == set()
    assert any(version.startswith("flit-core==") for version in versions)


def test_lock_has_what_the_project_asks_for() -> None:
    """Each requirement of pyproject.toml is met by the version in the lock (else: make lock)."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    extras, groups = project["project"]["optional-dependencies"], project["dependency-groups"]
    asked = [project["project"]["dependencies"], *extras.values(), *groups.values()]
    locked = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", EVERYTHING, re.MULTILINE))
    requirements = [Requirement(text) for texts in asked for text in texts]
    assert [
        str(requirement)
        for requirement in requirements
        if locked.get(canonicalize_name(requirement.name), "0") not in requirement.specifier
    ] == []


def test_node_lock_holds_digests_alone() -> None:
    """Each package of the relying parties' lock has a digest and no address."""
    packages = json.loads(NODE_LOCK.read_text())["packages"]
    del packages[""]
    assert [name for name, package in packages.items() if "integrity" not in package] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_make_says_what_there_is() -> None:
    """`make` alone prints every target that a person types, one line each."""
    command = ["make", "--silent"]
    printed = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
    offered = re.findall(r"^  make (\S+) +\S", printed.stdout, re.MULTILINE)
    makefile = (REPOSITORY / "Makefile").read_text()
    assert set(offered) == set(re.findall(r"^\.PHONY: ([a-z-]+)$", makefile, re.MULTILINE))
    assert {"demo", "test", "bench"} <= set(offered)
