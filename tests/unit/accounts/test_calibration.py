"""What `idp doctor --calibrate` proposes."""

import pytest

from idp.accounts.calibration import measure_hash, propose_parameters
from idp.accounts.hashing import HashParameters
from tests.support.accounts_house import CHEAP


def measure_slow(parameters: HashParameters) -> float:
    """Return what a machine takes that needs a millisecond for each MiB, and 5 besides."""
    return parameters.memory_kib / 1024 + 5


@pytest.mark.parametrize("target_ms, memory_kib", [(50, 45 * 1024), (100, 95 * 1024)])
def test_memory_is_raised_up_to_the_target(target_ms: int, memory_kib: int) -> None:
    """The most memory is proposed whose time does not pass the target."""
    lines = list(propose_parameters(target_ms, measure=measure_slow))
    proposed = int(next(line for line in lines if "memory" in line).rpartition("= ")[2])
    assert memory_kib * 0.9 <= proposed <= memory_kib


def test_nothing_below_the_minimum_is_proposed() -> None:
    """A slow machine keeps OWASP's minimum."""
    lines = list(propose_parameters(10, measure=measure_slow))
    assert len(lines) == 2
    assert "keep it" in lines[1]


def test_this_machine_is_measured() -> None:
    """Without a measure of one's own, hashes are made and timed."""
    assert measure_hash(CHEAP) > 0
