"""The rules: how long keys are announced, sign, and stay."""

from dataclasses import replace

from tests.support.signing import DAY, HOUR, MINUTE, POLICY, START, make_key


def test_defaults_are_those_of_the_house() -> None:
    """Ninety days, announced for fourteen, an hour by hand, clocks a minute apart."""
    assert POLICY.rotation_interval == 90 * DAY
    assert POLICY.scheduled_announce == 14 * DAY
    assert POLICY.shortest_manual_announce == HOUR
    assert POLICY.clock_tolerance == MINUTE


def test_key_is_known_once_every_copy_of_the_jwks_is_stale() -> None:
    """A key is known to all when the max-age and the clocks' difference have passed."""
    assert POLICY.is_known_at(make_key()) == START + 16 * MINUTE


def test_announcements_are_never_shorter_than_the_max_age() -> None:
    """Settings that would let a key sign before it is known are overruled."""
    policy = replace(POLICY, jwks_max_age=30 * DAY)
    assert policy.scheduled_announce == policy.shortest_manual_announce == 30 * DAY + MINUTE


def test_key_outlives_its_last_token() -> None:
    """What was signed before a moment has died when its lifetime and the tolerance have passed."""
    assert POLICY.outlive(START) == START + 12 * HOUR + MINUTE
