"""A running process follows its keys folder: within seconds, and without reading per request."""

import sys
from pathlib import Path

import pytest

from idp.signing.errors import KeysRefusedError
from idp.signing.files import FolderKeyStore
from idp.signing.key_changes import KeyKeeper
from idp.signing.live_keys import LiveKeys
from idp.signing.signer import Signer
from tests.support.signing import (
    HOUR,
    MINUTE,
    PASSPHRASE,
    POLICY,
    START,
    AuditList,
    MovedClock,
)


class Timer:
    """A timer that the test turns."""

    seconds = 0.0

    def __call__(self) -> float:
        """Return the seconds it was turned to."""
        return self.seconds


class Room:
    """A keys folder, a keeper in one process, live keys in another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock, self.timer = MovedClock(), Timer()
        self.keeper = KeyKeeper(
            self.open_store(), policy=POLICY, clock=self.clock, audit=AuditList()
        )
        self.keeper.make_first_keys(["RS256", "ES256"])
        self.live = LiveKeys(self.open_store(), self.clock, required=("RS256",), timer=self.timer)

    def open_store(self) -> FolderKeyStore:
        """Return the folder as another process sees it."""
        return FolderKeyStore(self.folder, passphrase=PASSPHRASE)

    def find_kids(self) -> set[str]:
        """Return what the process publishes, after its next look."""
        self.timer.seconds += 2
        return {jwk["kid"] for jwk in self.live.ring().jwks(self.clock.now())["keys"]}


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """A room whose folder has a key for RS256 and one for ES256."""
    return Room(tmp_path / "keys")


opened: list[str] = []


def note_file_access(event: str, arguments: tuple[object, ...]) -> None:
    """Remember what this process opens and lists."""
    if event in {"open", "os.listdir", "os.scandir"}:
        opened.append(str(arguments[0]))


def test_requests_read_nothing(room: Room) -> None:
    """A thousand signatures and key sets between two looks touch no file."""
    signer = Signer(room.live.ring)
    signer.sign_jwt({}, algorithm="ES256", typ=None, now=START)  # the first one imports modules
    sys.addaudithook(note_file_access)
    opened.clear()
    for _ in range(1000):
        room.live.ring().jwks(START)
    for _ in range(20):
        signer.sign_jwt({}, algorithm="ES256", typ=None, now=START)
    assert opened == []


def test_look_at_an_unchanged_folder_opens_no_key_file(room: Room) -> None:
    """A look is a listing: no file is opened, let alone parsed."""
    sys.addaudithook(note_file_access)
    opened.clear()
    room.find_kids()
    assert [name for name in opened if name.endswith(".json")] == []


def test_rotation_elsewhere_is_followed(room: Room) -> None:
    """A key announced by another process is published here after the next look."""
    new = room.keeper.rotate("RS256")
    assert new is not None
    assert new.kid in room.find_kids()


def test_only_new_files_are_parsed(room: Room) -> None:
    """Parsing costs 30 ms a key: after a rotation the unchanged key is the same object."""
    before = room.live.ring().active("ES256", START)
    room.keeper.rotate("RS256")
    room.find_kids()
    assert room.live.ring().active("ES256", START) is before


def test_revocation_elsewhere_is_followed(room: Room) -> None:
    """A key revoked by another process is not trusted here after the next look (C3F)."""
    kid = room.live.ring().active("RS256", START).kid
    room.clock.advance(MINUTE)
    room.keeper.revoke(kid)
    assert kid not in room.find_kids()


def test_damage_is_told_and_changes_nothing(room: Room) -> None:
    """A damaged file, a lost file, an opened folder: the process goes on, and says why not well."""
    kids = room.find_kids()
    (path, *_) = room.folder.glob("*.json")
    text = path.read_text()
    path.write_text(text[:100])
    assert room.find_kids() == kids
    assert room.live.faults
    path.write_text(text)
    assert room.find_kids() == kids
    assert not room.live.faults


def test_vanished_folder_is_survived(room: Room) -> None:
    """The mount goes away: the process signs on, and follows again when it is back."""
    kids = room.find_kids()
    moved = room.folder.rename(room.folder.with_name("moved"))
    assert room.find_kids() == kids
    assert room.live.faults
    moved.rename(room.folder)
    assert room.find_kids() == kids
    assert not room.live.faults


def test_restored_backup_verifies_old_tokens(room: Room, tmp_path: Path) -> None:
    """Keys restored from a backup have the same kids, and verify what they signed (C111)."""
    signer = Signer(room.live.ring)
    token = signer.sign_jwt({"sub": "a"}, algorithm="RS256", typ="JWT", now=START)
    backup = {path.name: path.read_bytes() for path in room.folder.glob("*.json")}
    restored = tmp_path / "restored"
    store = FolderKeyStore(restored, passphrase=PASSPHRASE)
    store.prepare()
    for name, content in backup.items():
        path = restored / name
        path.touch(0o600)
        path.write_bytes(content)
    live = LiveKeys(store, room.clock, required=("RS256",))
    claims = Signer(live.ring).verify_jwt(token, now=START + HOUR, typ="JWT", leeway=None)
    assert claims == {"sub": "a"}


def test_incomplete_backup_is_refused(room: Room) -> None:
    """A backup of before the last rotation, without the key that signs now, is told (C112)."""
    new = room.keeper.rotate("RS256")
    assert new is not None
    (room.folder / f"{new.kid}.json").unlink()
    with pytest.raises(KeysRefusedError, match=f"{new.kid}.json: the key is missing"):
        LiveKeys(room.open_store(), room.clock, required=("RS256",))


def test_rehearsal_is_seen_by_every_process(room: Room) -> None:
    """What a key file says of a rehearsal holds on each node that reads it."""
    new = room.keeper.rotate("RS256", announce=24 * HOUR)
    assert new is not None
    room.clock.advance(HOUR)
    room.keeper.rehearse(new.kid, "mnspf")
    room.find_kids()
    now = room.clock.now()
    assert room.live.ring().active("RS256", now, client_id="mnspf").kid == new.kid
