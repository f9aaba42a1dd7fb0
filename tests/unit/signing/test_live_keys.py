"""A running process follows its keys, without a look per request."""

from dataclasses import replace

import pytest

from idp.signing.errors import KeyFault, KeysRefusedError
from idp.signing.live_keys import LiveKeys
from idp.signing.signing_key import SigningKey
from tests.support.signing import (
    HOUR,
    START,
    MemoryKeyStore,
    MovedClock,
    make_key,
    make_successor,
)

OLD = make_key()
NEW = make_successor(OLD)


class Timer:
    """A timer that the test turns."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """Return the seconds it was turned to."""
        return self.seconds


class BrokenStore(MemoryKeyStore):
    """A store whose keys cannot be used while it is broken."""

    is_broken = False

    def load_keys(self) -> list[SigningKey]:
        """Return the keys, or refuse them."""
        if self.is_broken:
            raise KeysRefusedError([KeyFault("key", "it is damaged", "Restore it")])
        return super().load_keys()


class CuriousStore(MemoryKeyStore):
    """A store that, while it is asked for changes, uses the keys itself."""

    live: LiveKeys | None = None
    seen: str = ""

    def fingerprint(self) -> int:
        """Use the keys as another request would meanwhile."""
        if self.live is not None:
            self.seen = repr(self.live.ring())
        return self.version


def follow(store: MemoryKeyStore, timer: Timer) -> LiveKeys:
    """Return live keys that require ES256."""
    return LiveKeys(store, MovedClock(), required=("ES256",), timer=timer)


def test_keys_that_cannot_be_used_stop_the_start() -> None:
    """A process does not start without a key for each algorithm it needs (C112)."""
    with pytest.raises(KeysRefusedError, match="no key signs with ES256"):
        follow(MemoryKeyStore(), Timer())


def test_requests_between_two_checks_look_at_nothing() -> None:
    """Within two seconds nothing is read, listed or parsed."""
    timer, store = Timer(), MemoryKeyStore.holding(OLD)
    live = follow(store, timer)
    store.replace_key(NEW)
    timer.seconds = 1.9
    assert live.ring().find(NEW.kid) is None
    assert store.loads == 1


def test_changed_keys_are_noticed_within_two_seconds() -> None:
    """A key that was added is published two seconds later, without a restart."""
    timer, store = Timer(), MemoryKeyStore.holding(OLD)
    live = follow(store, timer)
    store.replace_key(NEW)
    timer.seconds = 2
    assert live.ring().find(NEW.kid) is not None


def test_unchanged_keys_are_not_loaded_again() -> None:
    """A check that finds the same fingerprint loads nothing."""
    timer, store = Timer(), MemoryKeyStore.holding(OLD)
    live = follow(store, timer)
    for timer.seconds in range(2, 60, 2):
        live.ring()
    assert store.loads == 1


def test_last_good_keys_go_on_when_the_folder_is_damaged() -> None:
    """A damaged file stops no running process; it is told as a fault, and mended is well again."""
    timer, store = Timer(), BrokenStore.holding(OLD)
    live = follow(store, timer)
    assert isinstance(store, BrokenStore)
    store.is_broken, store.version, timer.seconds = True, 1, 2
    assert live.ring().find(OLD.kid) is not None
    assert [fault.problem for fault in live.faults] == ["it is damaged"]
    store.is_broken, timer.seconds = False, 4
    assert live.ring().find(OLD.kid) is not None
    assert live.faults == ()


def test_algorithm_that_signs_cannot_vanish() -> None:
    """The only key of an algorithm that a process signs with is missed, required or not."""
    timer, extra = Timer(), make_key("EdDSA")
    store = MemoryKeyStore.holding(OLD, extra)
    live = follow(store, timer)
    store.remove_key(extra.kid)
    timer.seconds = 2
    assert live.ring().algorithms(START) == ("ES256", "EdDSA")
    assert [fault.problem for fault in live.faults] == ["no key signs with EdDSA"]


def test_retired_key_cannot_vanish() -> None:
    """A retired key whose file was deleted too early goes on verifying in running processes."""
    timer = Timer()
    store = MemoryKeyStore.holding(replace(OLD, successor=NEW.kid), NEW)
    live = follow(store, timer)
    store.remove_key(OLD.kid)
    timer.seconds = 2
    assert live.ring().find_published(OLD.kid, START + HOUR) is not None
    assert OLD.kid in live.faults[0].place


def test_others_go_on_while_one_request_looks() -> None:
    """While one request looks at the folder, others get the keys there are at once."""
    timer, store = Timer(), CuriousStore.holding(OLD)
    assert isinstance(store, CuriousStore)
    store.live = live = follow(store, timer)
    timer.seconds = 2
    live.ring()
    assert OLD.kid in store.seen
