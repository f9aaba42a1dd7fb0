"""What acting on a key would break, and what the policy finds wrong."""

from dataclasses import replace
from datetime import datetime

import pytest

from idp.signing.forecast import find_policy_faults, foresee
from idp.signing.key_ring import KeyRing
from idp.signing.signing_key import SigningKey
from tests.support.signing import (
    DAY,
    HOUR,
    MINUTE,
    POLICY,
    SECOND,
    START,
    life_of,
    make_key,
    make_successor,
)

OLD = make_key()
NEW = make_successor(OLD, predecessor_gone_at=START + 14 * HOUR)
RING = KeyRing([OLD, NEW])


@pytest.mark.parametrize(
    "key, moment, sentence",
    [
        (NEW, START, "signing before 08:16 would break whoever keeps the key set"),
        (NEW, START + 16 * MINUTE, "nothing would break: every relying party knows it"),
        (OLD, START, "revoking it would refuse, at once, every token it signed"),
        (OLD, START + HOUR, "removing it would break tokens that live until 22:00"),
        (OLD, START + DAY, "nothing would break: none of its tokens is trusted"),
    ],
)
def test_consequence_is_told(key: SigningKey, moment: datetime, sentence: str) -> None:
    """For each state of a key, what acting on it now would break is said."""
    told = foresee(life_of(key, RING), now=moment, policy=POLICY, show="{:%H:%M}".format)
    assert told.startswith(sentence)


def test_sound_keys_have_no_fault() -> None:
    """Keys within their interval, outliving their tokens, have no fault."""
    assert find_policy_faults(RING, now=START, policy=POLICY) == []
    assert find_policy_faults(RING, now=START + 2 * DAY, policy=POLICY) == []


def test_key_that_signed_for_too_long_is_a_fault() -> None:
    """An active key past the interval, with no successor announced, shows that no worker runs."""
    ring = KeyRing([OLD])
    assert find_policy_faults(ring, now=START + 90 * DAY, policy=POLICY) == []
    (fault,) = find_policy_faults(ring, now=START + 90 * DAY + SECOND, policy=POLICY)
    assert (fault.place, fault.problem) == (OLD.kid, "it has signed for longer than 90 days")


def test_key_that_goes_before_its_tokens_is_a_fault() -> None:
    """When tokens were made to live longer, a key announced before may go too early."""
    policy = replace(POLICY, longest_token_lifetime=2 * DAY)
    (fault,) = find_policy_faults(RING, now=START, policy=policy)
    assert fault.place == OLD.kid
    assert "before its last token has died" in fault.problem
