"""The pure logic of keys is covered by its unit tests to the last branch."""

import os
import subprocess
from pathlib import Path

from tests.support.processes import PROGRAMS, REPOSITORY

PURE = ("forecast", "intervention", "key_ring", "policy", "rotation", "signing_key")


def test_every_branch_of_the_pure_logic_is_tested(tmp_path: Path) -> None:
    """What decides who signs when has no line and no branch without a unit test."""
    tests = [f"tests/unit/signing/test_{name}.py" for name in PURE]
    measured = [f"--cov=idp.signing.{name}" for name in PURE]
    options = ("-q", "-p", "no:cacheprovider", "--cov-branch", "--cov-fail-under=100")
    result = subprocess.run(
        [PROGRAMS / "python", "-m", "pytest", *options, *measured, *tests],
        cwd=REPOSITORY,
        env={**os.environ, "COVERAGE_FILE": str(tmp_path / "coverage")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout
