"""The regular course: first keys, rotations by hand, the schedule."""

from dataclasses import replace
from datetime import timedelta

import pytest

from idp.signing.errors import NoActiveKeyError, TooEarlyError
from idp.signing.key_ring import KeyRing
from idp.signing.rotation import (
    next_announcement_at,
    plan_extensions,
    plan_first_keys,
    plan_rotation,
    plan_scheduled_rotations,
)
from idp.signing.signing_key import KeyPlan, SigningKey
from tests.support.signing import (
    DAY,
    HOUR,
    MINUTE,
    POLICY,
    SECOND,
    START,
    make_key,
    make_successor,
)

EMPTY = KeyRing([])
OLD = make_key()
NEW = make_successor(OLD)
ONE = KeyRing([OLD])
BOTH = KeyRing([OLD, NEW])
DUE = START + 76 * DAY


def plan_one(announce: timedelta | None = None) -> KeyPlan:
    """Return the rotation planned for the only key."""
    plan = plan_rotation(ONE, "ES256", now=START, policy=POLICY, announce=announce)
    assert plan is not None
    return plan


def test_very_first_keys_sign_at_once() -> None:
    """Where there is no key yet, nobody keeps a key set: the first keys sign at once."""
    plans = plan_first_keys(EMPTY, ["RS256", "ES256"], now=START, policy=POLICY)
    assert [(plan.algorithm, plan.published_at, plan.signs_from) for plan in plans] == [
        ("RS256", START, START),
        ("ES256", START, START),
    ]


def test_first_key_is_made_once() -> None:
    """An algorithm named twice, or that has a key already, gets no second one."""
    plans = plan_first_keys(ONE, ["ES256", "RS256", "RS256"], now=START, policy=POLICY)
    assert [plan.algorithm for plan in plans] == ["RS256"]


def test_interrupted_first_start_is_completed() -> None:
    """Within the hour a second algorithm signs at once: the first start may have been killed."""
    now = START + HOUR - SECOND
    (plan,) = plan_first_keys(ONE, ["RS256"], now=now, policy=POLICY)
    assert plan.signs_from == now


def test_further_algorithm_is_announced() -> None:
    """An algorithm added later signs only once relying parties know its key."""
    now = START + HOUR
    (plan,) = plan_first_keys(ONE, ["EdDSA"], now=now, policy=POLICY)
    assert plan.signs_from == now + HOUR


def test_lost_key_is_replaced_at_once() -> None:
    """An algorithm that nothing signs with any more is served again at once."""
    ring = KeyRing([replace(OLD, revoked_at=START), make_key("EdDSA")])
    (plan,) = plan_first_keys(ring, ["ES256"], now=START + DAY, policy=POLICY)
    assert plan.signs_from == START + DAY


def test_rotation_by_hand_announces_for_an_hour() -> None:
    """By hand, the next key is published at once and signs an hour later (C3E: not at once)."""
    plan = plan_one()
    assert (plan.published_at, plan.signs_from) == (START, START + HOUR)


def test_rotation_names_its_predecessor_and_its_end() -> None:
    """The old key stays until the longest token it signs has died, clocks differing."""
    plan = plan_one()
    assert plan.predecessor == OLD.kid
    assert plan.predecessor_gone_at == START + HOUR + 12 * HOUR + MINUTE


def test_rotation_waits_out_a_long_max_age() -> None:
    """Where the JWKS may be kept for longer than an hour, the announcement is longer than that."""
    policy = replace(POLICY, jwks_max_age=5 * HOUR)
    plan = plan_rotation(ONE, "ES256", now=START, policy=policy)
    assert plan is not None
    assert plan.signs_from == START + 5 * HOUR + MINUTE


def test_rotation_may_be_announced_for_longer() -> None:
    """An admin may publish the next key for as long as wanted."""
    assert plan_one(announce=7 * DAY).signs_from == START + 7 * DAY


def test_too_short_an_announcement_is_refused_with_the_date() -> None:
    """Less than the hour is refused, with the date from which it would be safe."""
    with pytest.raises(TooEarlyError) as refusal:
        plan_one(announce=HOUR - SECOND)
    assert refusal.value.safe_at == START + HOUR


def test_second_rotation_finds_the_first() -> None:
    """While a key is announced, no other one is planned."""
    assert plan_rotation(BOTH, "ES256", now=START, policy=POLICY) is None


def test_rotation_needs_something_to_replace() -> None:
    """An algorithm without an active key cannot be rotated."""
    with pytest.raises(NoActiveKeyError):
        plan_rotation(ONE, "RS256", now=START, policy=POLICY)


def test_schedule_waits_until_a_key_is_nearly_ripe() -> None:
    """Fourteen days before ninety have passed, and not before, the next key is announced."""
    assert next_announcement_at(OLD, POLICY) == DUE
    assert plan_scheduled_rotations(ONE, now=DUE - SECOND, policy=POLICY) == []
    (plan,) = plan_scheduled_rotations(ONE, now=DUE, policy=POLICY)
    assert (plan.published_at, plan.signs_from) == (DUE, START + 90 * DAY)


def test_late_schedule_announces_in_full_all_the_same() -> None:
    """A worker that did not run for a year still publishes the next key for fourteen days."""
    (plan,) = plan_scheduled_rotations(ONE, now=START + 365 * DAY, policy=POLICY)
    assert plan.signs_from == START + 379 * DAY


def test_schedule_leaves_an_announced_key_alone() -> None:
    """An algorithm whose next key is announced is not due."""
    waiting = make_successor(OLD, published_at=DUE, signs_from=DUE + DAY)
    assert plan_scheduled_rotations(KeyRing([OLD, waiting]), now=DUE, policy=POLICY) == []


def test_schedule_rotates_each_algorithm_by_its_own_date() -> None:
    """Only the algorithms whose key is ripe are rotated."""
    young = make_key("EdDSA", published_at=START + 30 * DAY)
    plans = plan_scheduled_rotations(KeyRing([OLD, young]), now=DUE, policy=POLICY)
    assert [plan.algorithm for plan in plans] == ["ES256"]


def test_schedule_outlasts_a_long_max_age() -> None:
    """A JWKS kept for longer than the announcement makes the announcement longer."""
    policy = replace(POLICY, jwks_max_age=20 * DAY)
    assert next_announcement_at(OLD, policy) == START + 70 * DAY - MINUTE


@pytest.mark.parametrize("lifetime, extended", [(12 * HOUR, []), (24 * HOUR, [NEW.kid])])
def test_retired_keys_stay_for_tokens_that_live_longer_now(
    lifetime: timedelta, extended: list[str]
) -> None:
    """When tokens are made to live longer, the end of the keys that sign them moves too."""
    new = replace(NEW, predecessor_gone_at=POLICY.outlive(NEW.signs_from))
    policy = replace(POLICY, longest_token_lifetime=lifetime)
    keys = plan_extensions(KeyRing([OLD, new]), now=START, policy=policy)
    assert [key.kid for key in keys] == extended
    assert all(key.predecessor_gone_at == policy.outlive(new.signs_from) for key in keys)


@pytest.mark.parametrize("old", [replace(OLD, revoked_at=START + DAY), OLD])
def test_gone_keys_are_not_brought_back(old: SigningKey) -> None:
    """A key that is gone, revoked or not, does not return because tokens live longer."""
    policy = replace(POLICY, longest_token_lifetime=10 * DAY)
    ring = KeyRing([old, NEW])
    assert plan_extensions(ring, now=START + 2 * DAY, policy=policy) == []
