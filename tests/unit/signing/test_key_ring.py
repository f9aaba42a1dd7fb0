"""The key ring: who signs and who is published, as a function of time."""

from dataclasses import replace
from datetime import datetime

import pytest

from idp.signing.errors import NoActiveKeyError
from idp.signing.key_ring import KeyRing, find_ring_faults
from idp.signing.signing_key import KeyState
from tests.support.signing import (
    DAY,
    HOUR,
    SECOND,
    START,
    life_of,
    list_published,
    make_key,
    make_successor,
)

OLD = make_key()
NEW = make_successor(OLD)
RING = KeyRing([NEW, OLD])
TURN = NEW.signs_from
GONE = START + 13 * HOUR


@pytest.mark.parametrize(
    "moment, old, new",
    [
        (START, KeyState.ACTIVE, KeyState.NEXT),
        (TURN - SECOND, KeyState.ACTIVE, KeyState.NEXT),
        (TURN, KeyState.RETIRED, KeyState.ACTIVE),
        (GONE - SECOND, KeyState.RETIRED, KeyState.ACTIVE),
        (GONE, KeyState.GONE, KeyState.ACTIVE),
    ],
)
def test_states_follow_from_the_clock(moment: datetime, old: KeyState, new: KeyState) -> None:
    """A key is next, active, retired and gone by its dates and its successor's alone."""
    assert life_of(OLD, RING).state_at(moment) is old
    assert life_of(NEW, RING).state_at(moment) is new


def test_one_key_signs_at_every_moment() -> None:
    """Around each change exactly one key of the algorithm is active."""
    third = make_successor(NEW, published_at=START + DAY, signs_from=START + 2 * DAY)
    ring = KeyRing([OLD, NEW, third])
    for moment in (START, TURN, GONE, third.published_at, third.signs_from, START + 99 * DAY):
        for near in (moment, moment + SECOND):
            states = [life.state_at(near) for life in ring.lives]
            assert states.count(KeyState.ACTIVE) == 1


def test_key_is_never_gone_before_its_successor_signs() -> None:
    """Whatever end a successor gives its predecessor, it begins only when the turn ends."""
    early = KeyRing([OLD, replace(NEW, predecessor_gone_at=START)])
    assert life_of(OLD, early).gone_at == TURN


def test_active_key_changes_at_the_turn() -> None:
    """The successor signs from its date on, not a moment before."""
    assert RING.active("ES256", TURN - SECOND) is OLD
    assert RING.active("ES256", TURN) is NEW


def test_no_key_signs_before_the_first() -> None:
    """Before its first key signs, an algorithm has no active key."""
    with pytest.raises(NoActiveKeyError):
        RING.active("ES256", START - SECOND)
    with pytest.raises(NoActiveKeyError):
        RING.active("RS256", START)


def test_next_active_and_retired_are_published() -> None:
    """The JWKS lists the next key before it signs and the old one until it is gone (C3E)."""
    assert set(list_published(RING, START)) == {OLD.kid, NEW.kid}
    assert set(list_published(RING, TURN)) == {OLD.kid, NEW.kid}
    assert list_published(RING, GONE) == [NEW.kid]


def test_nothing_is_published_before_its_date() -> None:
    """A key whose publication lies ahead is not in the JWKS."""
    early = KeyRing([make_key(published_at=START + HOUR)])
    assert early.jwks(START) == {"keys": []}
    assert early.find_published(early.lives[0].key.kid, START) is None


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
def test_jwks_has_public_members_only(algorithm: str) -> None:
    """The JWKS says kty, use, alg, kid and the public numbers: nothing else (C39)."""
    (jwk,) = KeyRing([make_key(algorithm)]).jwks(START)["keys"]
    numbers = {"RSA": {"n", "e"}, "EC": {"crv", "x", "y"}, "OKP": {"crv", "x"}}[jwk["kty"]]
    assert jwk.keys() == {"kty", "use", "alg", "kid"} | numbers
    assert (jwk["use"], jwk["alg"]) == ("sig", algorithm)


def test_jwks_is_the_same_object_until_something_changes() -> None:
    """Serving the JWKS builds nothing: the set of a span was built with the ring."""
    assert RING.jwks(START) is RING.jwks(TURN - SECOND)
    assert RING.jwks(TURN) is not RING.jwks(GONE)


def test_revoked_key_is_gone_at_once() -> None:
    """A revoked key is neither published nor found from that moment on (C3F)."""
    ring = KeyRing([replace(OLD, revoked_at=TURN + HOUR), NEW])
    assert ring.find_published(OLD.kid, TURN + HOUR - SECOND) is not None
    assert ring.find_published(OLD.kid, TURN + HOUR) is None
    assert life_of(OLD, ring).state_at(TURN + HOUR) is KeyState.GONE


def test_key_revoked_before_its_turn_never_signs() -> None:
    """A next key that is revoked leaves the active one active, with no end in sight."""
    ring = KeyRing([OLD, replace(NEW, revoked_at=START + SECOND)])
    assert ring.active("ES256", TURN) is OLD
    assert life_of(OLD, ring).signs_until is None
    assert life_of(NEW, ring).state_at(START) is KeyState.NEXT
    assert life_of(NEW, ring).state_at(TURN) is KeyState.GONE


def test_only_key_revoked_before_its_turn_leaves_none() -> None:
    """A new algorithm that is withdrawn before it signs has no key, and is no fault."""
    withdrawn = replace(make_key(signs_from=TURN), revoked_at=START)
    ring = KeyRing([withdrawn])
    assert ring.algorithms(TURN) == ()
    assert life_of(withdrawn, ring).gone_at == START


def test_revoked_successor_does_not_bring_its_predecessor_back() -> None:
    """Once a key has signed, the one before it stays retired, even if the key is revoked."""
    ring = KeyRing([OLD, replace(NEW, revoked_at=TURN + SECOND)])
    assert ring.algorithms(TURN + SECOND) == ()
    assert life_of(OLD, ring).state_at(TURN + SECOND) is KeyState.RETIRED


def test_stand_in_of_the_same_moment_signs() -> None:
    """A key revoked at the very moment it began leaves its turn to its stand-in, by any kid."""
    for _ in range(8):
        revoked, stand_in = make_key(revoked_at=START), make_key()
        assert KeyRing([revoked, stand_in]).active("ES256", START) is stand_in


def test_rehearsal_is_for_one_client() -> None:
    """The next key signs for the client that rehearses it, the active one for all others."""
    ring = KeyRing([OLD, replace(NEW, rehearsed_by=frozenset({"mnspf"}))])
    assert ring.active("ES256", START, client_id="mnspf").kid == NEW.kid
    assert ring.active("ES256", START, client_id="other").kid == OLD.kid
    assert ring.active("ES256", START).kid == OLD.kid


def test_rehearsal_ends_with_the_next_key() -> None:
    """A rehearsed key that is revoked before its turn signs for nobody."""
    revoked = replace(NEW, rehearsed_by=frozenset({"mnspf"}), revoked_at=START + SECOND)
    ring = KeyRing([OLD, revoked])
    assert ring.active("ES256", START + SECOND, client_id="mnspf").kid == OLD.kid


def test_algorithms_stand_side_by_side() -> None:
    """Each algorithm has a line of keys of its own."""
    ring = KeyRing([OLD, make_key("EdDSA"), make_key("RS256")])
    assert ring.algorithms(START) == ("ES256", "EdDSA", "RS256")


def test_ring_shows_kids_alone() -> None:
    """What is printed of a ring names its keys and shows nothing of them."""
    assert repr(KeyRing([OLD])) == f"KeyRing(['{OLD.kid}'])"


def test_complete_ring_has_no_fault() -> None:
    """Keys that name each other and are there have no fault."""
    ring = KeyRing([replace(OLD, successor=NEW.kid), NEW])
    assert find_ring_faults(ring, START, required=("ES256",)) == []


def test_missing_successor_is_a_fault() -> None:
    """The file of the key that took over is lost: its predecessor must not sign again unnoticed."""
    ring = KeyRing([replace(OLD, successor=NEW.kid)])
    (fault,) = find_ring_faults(ring, TURN + HOUR)
    assert NEW.kid in fault.place
    assert "missing" in fault.problem


def test_missing_predecessor_is_a_fault_while_its_tokens_live() -> None:
    """A retired key's file may be missing only once its last token has died."""
    ring = KeyRing([NEW])
    (fault,) = find_ring_faults(ring, GONE - SECOND)
    assert OLD.kid in fault.place
    assert find_ring_faults(ring, GONE) == []


def test_successor_of_a_gone_key_may_be_gone_too() -> None:
    """Old keys are removed in any order once they are gone."""
    third = make_successor(
        NEW,
        published_at=START + DAY,
        signs_from=START + 2 * DAY,
        predecessor_gone_at=START + 3 * DAY,
    )
    ring = KeyRing([replace(OLD, successor=NEW.kid), third])
    assert find_ring_faults(ring, START + 3 * DAY) == []


def test_algorithm_without_active_key_is_a_fault() -> None:
    """A required algorithm without a key is a fault; so is one whose last key was revoked."""
    ring = KeyRing([replace(OLD, revoked_at=START + SECOND)])
    faults = find_ring_faults(ring, START + SECOND, required=("RS256",))
    assert [fault.problem for fault in faults] == [
        "no key signs with ES256",
        "no key signs with RS256",
    ]


def test_algorithm_that_is_only_announced_is_no_fault() -> None:
    """An algorithm whose first key does not sign yet is announced, not broken."""
    ring = KeyRing([make_key("EdDSA", published_at=START, signs_from=START + HOUR)])
    assert find_ring_faults(ring, START) == []
