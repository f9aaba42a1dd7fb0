"""Clients' records are kept for five seconds, a thousand at most, found ones alone."""

from dataclasses import replace

from idp.protocol.client import Client
from idp.protocol.client_directory import CachedClients
from tests.support.protocol_house import SITE


class Kept:
    """Records that the test changes, how often they were asked for, and the time."""

    def __init__(self) -> None:
        self.records = {SITE.client_id: SITE}
        self.asked: list[str] = []
        self.seconds = 0.0
        self.directory = CachedClients(self._find, timer=lambda: self.seconds)

    def _find(self, client_id: str) -> Client | None:
        self.asked.append(client_id)
        return self.records.get(client_id)


def test_record_is_read_once_in_five_seconds() -> None:
    """A page costs no read of the client."""
    kept = Kept()
    kept.directory.find(SITE.client_id)
    kept.seconds = 4.99
    assert kept.directory.find(SITE.client_id) == SITE
    assert len(kept.asked) == 1


def test_change_is_seen_after_five_seconds() -> None:
    """A record that was changed or removed is never used longer."""
    kept = Kept()
    kept.directory.find(SITE.client_id)
    kept.records[SITE.client_id] = renamed = replace(SITE, name="Another name")
    kept.seconds = 5.0
    assert kept.directory.find(SITE.client_id) == renamed
    kept.records.clear()
    kept.seconds = 10.0
    assert kept.directory.find(SITE.client_id) is None


def test_new_client_is_seen_at_once() -> None:
    """That a client is unknown is not kept, so made-up ids take no memory either."""
    kept = Kept()
    assert kept.directory.find("new") is None
    kept.records["new"] = replace(SITE, client_id="new")
    assert kept.directory.find("new") is not None


def test_memory_is_bounded() -> None:
    """Of 2 500 clients no more than a thousand are kept."""
    kept = Kept()
    ids = [f"client-{number}" for number in range(2500)]
    kept.records = {each: replace(SITE, client_id=each) for each in ids}
    for each in ids:
        kept.directory.find(each)
    kept.asked.clear()
    for each in ids:
        kept.directory.find(each)
    assert len(kept.asked) >= 1500
