"""A process killed while it redeems a code leaves a used code with its tokens, or nothing."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.dying_redemption import STEPS
from tests.support.provider_app import Browser, ProviderApp


@pytest.mark.parametrize("step", STEPS)
def test_killed_at(
    provider: ProviderApp, signed_in: Browser, keys_folder: Path, database_url: str, step: str
) -> None:
    """Signed, written, committed: whichever came last, the row is whole, and a retry is clear."""
    code = signed_in.get_code()
    command = ["-m", "tests.support.dying_redemption", str(keys_folder), database_url, code, step]
    killed = subprocess.run([sys.executable, *command], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with provider.built.open_unit() as unit:
        grant = unit.grants.find(code.partition(".")[0])
    assert grant is not None
    was_used = grant.code_used_at is not None
    assert was_used or step != "committed"
    assert not was_used or step != "signed"
    assert grant.refresh_generation == (1 if was_used else 0)
    assert signed_in.redeem(code).status_code == (400 if was_used else 200)
