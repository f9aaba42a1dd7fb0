"""Every change an admin or the schedule makes: locked, checked, made, recorded."""

from dataclasses import replace
from datetime import timedelta

import pytest

from idp.signing.errors import KeyChangeRefusedError, KeysRefusedError, TooEarlyError
from idp.signing.key_changes import KeyKeeper
from idp.signing.key_ring import KeyRing
from idp.signing.policy import RotationPolicy
from tests.support.signing import (
    DAY,
    HOUR,
    MINUTE,
    POLICY,
    SECOND,
    START,
    AuditList,
    MemoryKeyStore,
    MovedClock,
    list_published,
    make_key,
)


class Room:
    """A keeper with its store, its clock and its trail."""

    def __init__(self, policy: RotationPolicy = POLICY) -> None:
        self.store = MemoryKeyStore.holding(make_key())
        self.clock = MovedClock()
        self.audit = AuditList()
        self.keeper = KeyKeeper(self.store, policy=policy, clock=self.clock, audit=self.audit)

    @property
    def ring(self) -> KeyRing:
        """The keys as they are now."""
        return KeyRing(self.store.load_keys())

    def active(self) -> str:
        """Return the kid that signs now."""
        return self.ring.active("ES256", self.clock.now()).kid

    def announce(self, wait: timedelta) -> str:
        """Announce a key for ten days, let some time pass, and return its kid."""
        key = self.keeper.rotate("ES256", announce=10 * DAY)
        assert key is not None
        self.clock.advance(wait)
        return key.kid


def test_first_keys_are_made_once() -> None:
    """Made a second time, nothing is made: a key never replaces another in silence (C112)."""
    room = Room()
    made = room.keeper.make_first_keys(["ES256", "EdDSA"])
    assert [key.algorithm for key in made] == ["EdDSA"]
    assert room.keeper.make_first_keys(["ES256", "EdDSA"]) == []
    assert room.audit.names == ["keys.created"]


def test_rotation_leaves_the_active_key_signing() -> None:
    """After a rotation the old key signs until the date, then the new one (C3E)."""
    room = Room()
    old = room.active()
    new = room.keeper.rotate("ES256")
    assert new is not None
    assert room.active() == old
    room.clock.advance(HOUR)
    assert room.active() == new.kid


def test_second_rotation_makes_no_second_key() -> None:
    """Two admins who rotate get one next key (C3E, C109)."""
    room = Room()
    assert room.keeper.rotate("ES256") is not None
    assert room.keeper.rotate("ES256") is None
    assert len(room.store.keys) == 2


def test_rotation_notes_who_takes_over() -> None:
    """The old key's file names its successor, so that a lost file is missed."""
    room = Room()
    new = room.keeper.rotate("ES256")
    assert new is not None
    assert new.predecessor is not None
    assert room.store.keys[new.predecessor].successor == new.kid


def test_note_left_out_by_a_crash_is_made_by_the_next_change() -> None:
    """A process that died after announcing a key leaves nothing that a later one cannot mend."""
    room = Room()
    old = room.active()
    new = room.keeper.rotate("ES256")
    assert new is not None
    room.store.keys[old] = replace(room.store.keys[old], successor=None)
    room.keeper.rotate("ES256")
    assert room.store.keys[old].successor == new.kid


def test_schedule_does_what_is_due() -> None:
    """After 76 days a key is announced, once, however often the schedule runs."""
    room = Room()
    assert room.keeper.run_schedule() == []
    room.clock.advance(76 * DAY)
    (key,) = room.keeper.run_schedule()
    assert key.signs_from == START + 90 * DAY
    assert room.keeper.run_schedule() == []
    assert room.audit.names == ["keys.scheduled"]


def test_schedule_keeps_retired_keys_for_longer_tokens() -> None:
    """When tokens live longer by now, the schedule moves the end of the keys that signed them."""
    room = Room()
    room.announce(MINUTE)
    longer = replace(POLICY, longest_token_lifetime=3 * DAY)
    keeper = KeyKeeper(room.store, policy=longer, clock=room.clock, audit=room.audit)
    keeper.run_schedule()
    (new,) = [key for key in room.store.keys.values() if key.predecessor]
    assert new.predecessor_gone_at == new.signs_from + 3 * DAY + MINUTE
    assert room.audit.names[-1] == "keys.extended"


def test_promotion_turns_the_next_key_active() -> None:
    """A next key that everybody knows may sign at once."""
    room = Room()
    kid = room.announce(DAY)
    assert room.keeper.promote(kid).kid == kid
    assert room.active() == kid


def test_promotion_before_everybody_knows_is_refused() -> None:
    """Refused, and nothing is written."""
    room = Room()
    kid = room.announce(MINUTE)
    before = dict(room.store.keys)
    with pytest.raises(TooEarlyError):
        room.keeper.promote(kid)
    assert room.store.keys == before


def test_rehearsal_begins_and_ends() -> None:
    """One client gets its tokens from the next key, until the rehearsal is ended."""
    room = Room()
    kid = room.announce(DAY)
    room.keeper.rehearse(kid, "mnspf")
    now = room.clock.now()
    assert room.ring.active("ES256", now, client_id="mnspf").kid == kid
    room.keeper.end_rehearsal(kid, "mnspf")
    assert room.ring.active("ES256", now, client_id="mnspf").kid == room.active()
    assert room.audit.names[1:] == ["keys.rehearsed", "keys.rehearsal_ended"]
    assert room.audit.details[-1]["client_id"] == "mnspf"


def test_revoking_the_active_key_leaves_one_that_signs() -> None:
    """After an emergency one key signs, and the revoked one is not published (C3F)."""
    room = Room()
    old = room.active()
    stand_in = room.keeper.revoke(old, reason="found in a ticket")
    assert stand_in is not None
    assert room.active() == stand_in.kid
    assert list_published(room.ring, room.clock.now()) == [stand_in.kid]
    assert room.audit.reasons == ["found in a ticket"]


def test_revoking_the_active_key_uses_the_announced_one() -> None:
    """The key that relying parties know already is the one that takes over."""
    room = Room()
    kid = room.announce(DAY)
    stand_in = room.keeper.revoke(room.active())
    assert stand_in is not None
    assert stand_in.kid == kid


def test_revoking_another_key_changes_nothing_about_who_signs() -> None:
    """Next and retired keys are revoked without a stand-in."""
    room = Room()
    old = room.active()
    assert room.keeper.revoke(room.announce(MINUTE)) is None
    assert room.active() == old
    assert room.store.keys[old].successor is None
    kid = room.announce(10 * DAY)
    assert room.keeper.revoke(old) is None
    assert room.active() == kid


def test_key_revoked_before_anything_signs_needs_no_stand_in() -> None:
    """An algorithm that is only announced can be withdrawn."""
    room = Room()
    room.clock.advance(DAY)
    (key,) = room.keeper.make_first_keys(["EdDSA"])
    assert room.keeper.revoke(key.kid) is None


def test_only_a_gone_key_is_removed() -> None:
    """The active key cannot be removed (C109); a gone one can."""
    room = Room()
    old = room.active()
    with pytest.raises(TooEarlyError):
        room.keeper.remove(old)
    room.announce(11 * DAY)
    room.keeper.remove(old)
    assert old not in room.store.keys
    assert room.audit.names == ["keys.rotated", "keys.removed"]


@pytest.mark.parametrize("act", ["promote", "revoke", "remove"])
def test_unknown_key_is_refused(act: str) -> None:
    """A kid that no key has is refused in words."""
    with pytest.raises(KeyChangeRefusedError, match="no key is called nobody"):
        getattr(Room().keeper, act)("nobody")


def test_trail_tells_what_was_changed_and_no_secret() -> None:
    """An event names the key, its algorithm and its date, and nothing of its private half."""
    room = Room()
    new = room.keeper.rotate("ES256")
    assert new is not None
    assert room.audit.details == [
        {"kid": new.kid, "algorithm": "ES256", "signs_from": new.signs_from.isoformat()}
    ]


def test_keys_with_a_fault_are_not_changed() -> None:
    """Where a key is missing, nothing is rotated on top of the loss."""
    room = Room()
    new = room.keeper.rotate("ES256")
    assert new is not None
    del room.store.keys[new.kid]
    with pytest.raises(KeysRefusedError, match="missing"):
        room.keeper.rotate("ES256")
    assert len(room.store.keys) == 1


def test_third_rotation_keeps_every_key_that_is_needed() -> None:
    """Rotated each hour, each key stays for its tokens: none is dropped by the next rotation."""
    room = Room()
    for _ in range(3):
        room.keeper.rotate("ES256")
        room.clock.advance(HOUR + SECOND)
    assert len(list_published(room.ring, room.clock.now())) == 4
