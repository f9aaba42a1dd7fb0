"""The keys folder: closed to everyone else, refused with every fault named (C110, C112)."""

import os
import pwd
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest

from idp.signing.errors import KeysRefusedError
from idp.signing.files import FolderKeyStore
from idp.signing.folder_checks import MAX_FILE_BYTES
from idp.signing.signing_key import KeyPlan, SigningKey
from tests.support.processes import UNPRIVILEGED
from tests.support.signing import PASSPHRASE, START

PLAN = KeyPlan(algorithm="ES256", published_at=START, signs_from=START)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """Have this process make files with this umask."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A keys folder with one key."""
    folder = tmp_path / "keys"
    store = open_store(folder)
    store.prepare()
    store.create_key(PLAN)
    return folder


def open_store(folder: Path) -> FolderKeyStore:
    """Return the folder as another process sees it."""
    return FolderKeyStore(folder, passphrase=PASSPHRASE)


def find_file(folder: Path) -> Path:
    """Return the only key file."""
    (path,) = folder.glob("*.json")
    return path


def list_problems(folder: Path) -> list[str]:
    """Return what a start would say is wrong, each with its place and its remedy."""
    with pytest.raises(KeysRefusedError) as refusal:
        open_store(folder).load_keys()
    faults = refusal.value.faults
    assert all(fault.place and fault.remedy for fault in faults)
    return [fault.problem for fault in faults]


def mode_of(path: Path) -> int:
    """Return the permission bits of a file or folder."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0, 0o022, 0o077, 0o777])
def test_modes_do_not_depend_on_the_umask(tmp_path: Path, mask: int) -> None:
    """Folder 0700, files and lock 0600, whatever the umask (C110)."""
    folder = tmp_path / "keys"
    with umask(mask):
        store = open_store(folder)
        store.prepare()
        with store.make_changes():
            store.create_key(PLAN)
    assert mode_of(folder) == 0o700
    assert {mode_of(path) for path in folder.glob("*.json")} == {0o600}
    assert mode_of(folder / ".lock") & 0o077 == 0


def test_empty_folder_of_a_fresh_clone_is_closed(tmp_path: Path) -> None:
    """A folder that came with the sources, open but without a key, is closed."""
    tmp_path.chmod(0o755)
    open_store(tmp_path).prepare()
    assert mode_of(tmp_path) == 0o700


def test_folder_with_keys_is_not_closed_in_silence(folder: Path) -> None:
    """Keys that lay open for a while are a fault to be told, not to be tidied away."""
    folder.chmod(0o755)
    open_store(folder).prepare()
    assert mode_of(folder) == 0o755


def test_key_comes_back(folder: Path) -> None:
    """What was made is loaded by another process."""
    (key,) = open_store(folder).load_keys()
    assert find_file(folder).name == f"{key.kid}.json"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o602, 0o777])
def test_file_open_to_others_is_refused(folder: Path, mode: int) -> None:
    """Any bit for group or others on a key file is a fault, with its mode."""
    find_file(folder).chmod(mode)
    assert list_problems(folder) == [f"other users can reach it (mode {mode:04o})"]


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o701, 0o1777])
def test_folder_open_to_others_is_refused(folder: Path, mode: int) -> None:
    """Any bit for group or others on the folder is a fault."""
    folder.chmod(mode)
    assert list_problems(folder) == [f"other users can reach it (mode {mode:04o})"]


def test_read_only_file_is_good(folder: Path) -> None:
    """A mounted secret, 0400, is as good as 0600."""
    find_file(folder).chmod(0o400)
    assert len(open_store(folder).load_keys()) == 1


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    """A folder that is not there is a fault; no key is made in its stead (C112)."""
    folder = tmp_path / "keys"
    assert list_problems(folder) == ["the keys folder is missing"]
    assert not folder.exists()


def test_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A file is no folder."""
    path = tmp_path / "keys"
    path.touch(0o600)
    assert "it is no folder" in list_problems(path)


def test_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    """A key that lies elsewhere is not protected by the folder."""
    path = find_file(folder)
    outside = path.rename(tmp_path / "elsewhere.json")
    path.symlink_to(outside)
    (problem,) = list_problems(folder)
    assert problem.startswith("it is a link that leads out of the folder")


def test_link_within_the_folder_is_good(folder: Path) -> None:
    """Mounted secrets are links within their folder."""
    path = find_file(folder)
    (folder / "..data").mkdir()
    path.rename(folder / "..data" / path.name)
    path.symlink_to(Path("..data") / path.name)
    assert len(open_store(folder).load_keys()) == 1


@pytest.mark.parametrize("target", ["nowhere", "loop.json"])
def test_link_to_nothing_is_refused(folder: Path, target: str) -> None:
    """A dangling link or a loop of links is a fault, not a traceback."""
    (folder / "loop.json").symlink_to(target)
    (problem,) = list_problems(folder)
    assert "it is missing" in problem or "cannot be read" in problem


def make_pipe(path: Path) -> None:
    """Make a named pipe: reading it would wait for ever."""
    os.mkfifo(path, 0o600)


def make_subfolder(path: Path) -> None:
    """Make a folder named like a key."""
    path.mkdir(0o700)


def make_large_file(path: Path) -> None:
    """Make a file too large for a key."""
    path.touch(0o600)
    path.write_bytes(b" " * (MAX_FILE_BYTES + 1))


def make_binary_file(path: Path) -> None:
    """Make a file that is no text."""
    path.touch(0o600)
    path.write_bytes(b"\xff\xfe")


@pytest.mark.parametrize(
    "make, problem",
    [
        (make_pipe, "it is no ordinary file"),
        (make_subfolder, "it is no ordinary file"),
        (make_large_file, "it is too large for a key"),
        (make_binary_file, "it is not text"),
    ],
)
def test_what_is_no_key_file_is_refused(
    folder: Path, make: Callable[[Path], None], problem: str
) -> None:
    """Pipes, folders, large and binary files are faults, and hold nothing up."""
    make(folder / "other.json")
    assert list_problems(folder) == [problem]


@pytest.mark.parametrize("size", [0, 1, 100, 400])
def test_cut_file_is_refused(folder: Path, size: int) -> None:
    """A file that lost its end is refused as damaged."""
    os.truncate(find_file(folder), size)
    assert list_problems(folder) == ["it is not a key file, or only part of one"]


def test_every_cut_is_refused_in_words(folder: Path) -> None:
    """Wherever a file is cut, it is a named fault."""
    path = find_file(folder)
    text = path.read_text()
    for size in range(0, len(text) - 2, 37):
        path.write_text(text[:size])
        assert len(list_problems(folder)) == 1


def test_other_passphrase_is_told_with_its_remedy(folder: Path) -> None:
    """Whoever set another passphrase is sent to the settings, not to the backup."""
    with pytest.raises(KeysRefusedError, match=r"another passphrase\. Set keys\.passphrase"):
        FolderKeyStore(folder, passphrase="another one").load_keys()


def test_file_under_another_name_is_refused(folder: Path) -> None:
    """A file's name says which key it holds: copies and exchanged files are noticed."""
    path = find_file(folder)
    path.rename(folder / "es256-another.json")
    (problem,) = list_problems(folder)
    assert "which its name does not say" in problem


def test_exchanged_files_are_refused(folder: Path) -> None:
    """Two key files that changed names are both refused (C112)."""
    open_store(folder).create_key(PLAN)
    one, other = sorted(folder.glob("*.json"))
    kept = one.read_text()
    one.write_text(other.read_text())
    other.write_text(kept)
    assert len(list_problems(folder)) == 2


def test_all_faults_are_told_at_once(folder: Path) -> None:
    """An operator sees everything that is wrong in one start."""
    find_file(folder).chmod(0o644)
    make_pipe(folder / "other.json")
    folder.chmod(0o755)
    assert len(list_problems(folder)) == 3


def test_other_files_are_left_alone(folder: Path) -> None:
    """A README, hidden files and drafts of a process that died are no keys."""
    for name in ("README.md", ".gitignore", ".draft-x", ".hidden.json"):
        (folder / name).touch()
    assert len(open_store(folder).load_keys()) == 1


@contextmanager
def as_unprivileged_user() -> Iterator[None]:
    """Be a user whom file modes bind; whoever runs the tests as such a user stays it."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(pwd.getpwnam(UNPRIVILEGED).pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def own_folder() -> Iterator[Path]:
    """A keys folder that the unprivileged user made, where that user may go."""
    parent = Path(mkdtemp())
    os.chown(parent, pwd.getpwnam(UNPRIVILEGED).pw_uid, -1)
    with as_unprivileged_user():
        store = open_store(parent / "keys")
        store.prepare()
        store.create_key(PLAN)
        yield parent / "keys"
    rmtree(parent)


def test_file_that_cannot_be_read_is_refused(own_folder: Path) -> None:
    """A key file that this user may not read is a fault, not a traceback."""
    find_file(own_folder).chmod(0)
    assert list_problems(own_folder) == ["it cannot be read"]


@pytest.mark.parametrize("mode", [0, 0o300, 0o600])
def test_folder_that_cannot_be_read_is_refused(own_folder: Path, mode: int) -> None:
    """A folder that cannot be listed or entered is a fault."""
    own_folder.chmod(mode)
    assert "it cannot be read" in list_problems(own_folder)
    own_folder.chmod(0o700)


def test_folder_that_cannot_be_reached_is_refused(own_folder: Path) -> None:
    """A folder below one that cannot be entered is a fault."""
    own_folder.parent.chmod(0)
    assert list_problems(own_folder) == ["it cannot be read"]
    own_folder.parent.chmod(0o700)


def test_read_only_folder_serves_and_refuses_changes(own_folder: Path) -> None:
    """On the nodes that mount the folder read-only keys are used, and a change is refused."""
    own_folder.chmod(0o500)
    assert len(open_store(own_folder).load_keys()) == 1
    with pytest.raises(KeysRefusedError, match="cannot be written to"):
        change_nothing(own_folder)
    own_folder.chmod(0o700)


def test_what_root_wrote_is_the_owners(own_folder: Path) -> None:
    """`sudo idp keys rotate` leaves files that the provider's own user can read and replace."""
    as_whoever_runs_the_tests(own_folder)
    store = open_store(own_folder)
    (old, new) = store.load_keys()
    with store.make_changes():
        store.replace_key(with_client(old))
        store.remove_key(new.kid)


def as_whoever_runs_the_tests(folder: Path) -> None:
    """Make a key as root, if that is who runs the tests."""
    user = os.geteuid()
    os.seteuid(os.getuid())
    try:
        store = open_store(folder)
        with store.make_changes():
            store.create_key(PLAN)
    finally:
        os.seteuid(user)


def change_nothing(folder: Path) -> None:
    """Take the folder's lock and let it go."""
    with open_store(folder).make_changes():
        pass


def test_lock_is_no_link(folder: Path) -> None:
    """A lock that leads elsewhere is not followed."""
    (folder / ".lock").symlink_to("/dev/null")
    with (
        pytest.raises(KeysRefusedError, match="cannot be written to"),
        open_store(folder).make_changes(),
    ):
        pass


def test_unchanged_file_is_parsed_once(folder: Path) -> None:
    """The same version of a file gives the very same key: parsing RSA costs 30 ms."""
    store = open_store(folder)
    assert store.load_keys()[0] is store.load_keys()[0]


def test_changed_file_is_parsed_again(folder: Path) -> None:
    """A replaced file is noticed by its inode, even within the same tick of the clock."""
    store = open_store(folder)
    (old,) = store.load_keys()
    open_store(folder).replace_key(with_client(old))
    (new,) = store.load_keys()
    assert new.rehearsed_by == {"mnspf"}


def with_client(key: SigningKey) -> SigningKey:
    """Return the key rehearsed by a client."""
    return SigningKey(
        material=key.material,
        published_at=key.published_at,
        signs_from=key.signs_from,
        rehearsed_by=frozenset({"mnspf"}),
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "x.json").touch(),
        lambda folder: find_file(folder).unlink(),
        lambda folder: find_file(folder).chmod(0o644),
        lambda folder: find_file(folder).write_text("{}"),
        lambda folder: folder.chmod(0o755),
        lambda folder: folder.rename(folder.with_name("moved")),
    ],
)
def test_fingerprint_changes_with_the_folder(
    folder: Path, change: Callable[[Path], object]
) -> None:
    """Whatever happens to the folder or a file of it, a running process notices."""
    store = open_store(folder)
    before = store.fingerprint()
    assert store.fingerprint() == before
    change(folder)
    assert store.fingerprint() != before
