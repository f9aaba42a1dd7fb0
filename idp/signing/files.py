"""The keys folder: one file a key, 0600 in a 0700 folder, changed by whole files or not at all."""

import fcntl
import os
import re
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from idp.secret_values import random_token
from idp.signing.errors import KeyFault, KeysRefusedError
from idp.signing.folder_checks import (
    UnsafeKeyFileError,
    describe_os_error,
    find_folder_faults,
    read_private_file,
)
from idp.signing.key_file import KeyFileError, Passphrase, read_key_file, write_key_file
from idp.signing.key_material import KeyMaterial
from idp.signing.signing_key import KeyPlan, SigningKey

_SUFFIX = ".json"
_FILE_NAME = re.compile(r"[^.].*\.json")
_LOCK = ".lock"
_DRAFT = ".draft-"


class FolderKeyStore:
    """Keys in a folder (implements `ports.KeyStore`), parsed once for each version of a file."""

    def __init__(self, folder: Path, *, passphrase: str, rsa_bits: int = 2048) -> None:
        """Take the folder, what its files are sealed under, and the size of new RSA keys."""
        self._folder = folder
        self._passphrase = Passphrase(passphrase)
        self._rsa_bits = rsa_bits
        self._parsed: dict[str, tuple[Hashable, SigningKey]] = {}

    def prepare(self) -> None:
        """Make the folder, closed to everyone else whatever the umask.

        One that is there is closed as long as it holds no key; after that, openness is a fault.
        """
        self._folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        if not self._list_files():
            self._folder.chmod(0o700)

    def fingerprint(self) -> Hashable:
        """Return what changes with the folder: its mode, its files' names, dates and inodes."""
        try:
            mode = self._folder.stat().st_mode
            return (mode, frozenset((path.name, _identify(path)) for path in self._list_files()))
        except OSError as error:
            return str(error)

    def load_keys(self) -> list[SigningKey]:
        """Return the key of each file.

        Raises:
            KeysRefusedError: the folder or a file is missing, unreadable, open to others or
                damaged; all faults at once.

        """
        faults = find_folder_faults(self._folder)
        try:
            paths = self._list_files()
        except OSError as error:
            raise KeysRefusedError(faults or [describe_os_error(self._folder, error)]) from error
        keys = []
        for path in paths:
            try:
                keys.append(self._load_file(path))
            except UnsafeKeyFileError as error:
                faults += error.faults
            except KeyFileError as error:
                faults.append(KeyFault(str(path), str(error), error.remedy))
        if faults:
            raise KeysRefusedError(faults)
        return keys

    @contextmanager
    def make_changes(self) -> Iterator[None]:
        """Hold the folder's lock, which the system lets go of even if this process is killed.

        Raises:
            KeysRefusedError: the folder is missing, open to others, or cannot be written to.

        """
        lock = self._open_lock()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for draft in self._folder.glob(f"{_DRAFT}*"):
                draft.unlink()
            yield
        finally:
            os.close(lock)

    def create_key(self, plan: KeyPlan) -> SigningKey:
        """Make the planned key and write its file."""
        material = KeyMaterial.generate(plan.algorithm, rsa_bits=self._rsa_bits)
        key = SigningKey.make(material, plan)
        self.replace_key(key)
        return key

    def replace_key(self, key: SigningKey) -> None:
        """Write the key's file beside the old one, then put it in its place in one step."""
        draft = self._folder / f"{_DRAFT}{random_token(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o600)
            self._give_to_owner(descriptor)
            file.write(write_key_file(key, self._passphrase))
            file.flush()
            os.fsync(descriptor)
        draft.replace(self._folder / f"{key.kid}{_SUFFIX}")
        self._sync_folder()

    def remove_key(self, kid: str) -> None:
        """Remove the key's file."""
        (self._folder / f"{kid}{_SUFFIX}").unlink()
        self._sync_folder()

    def _open_lock(self) -> int:
        faults = find_folder_faults(self._folder)
        if faults:
            raise KeysRefusedError(faults)
        try:
            path = self._folder / _LOCK
            lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            problem = f"it cannot be written to ({error.strerror})"
            remedy = "Change keys on the node that holds the folder, as its owner"
            raise KeysRefusedError([KeyFault(str(self._folder), problem, remedy)]) from error
        self._give_to_owner(lock)
        return lock

    def _give_to_owner(self, descriptor: int) -> None:
        """Let the folder's owner have what root wrote (`sudo idp keys rotate`)."""
        if os.geteuid() == 0:
            owner = self._folder.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)

    def _sync_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _list_files(self) -> list[Path]:
        return sorted(p for p in self._folder.iterdir() if _FILE_NAME.fullmatch(p.name))

    def _load_file(self, path: Path) -> SigningKey:
        identity = _identify(path)
        known = self._parsed.get(path.name)
        if known is not None and known[0] == identity:
            return known[1]
        key = read_key_file(read_private_file(path), self._passphrase)
        if path.name != f"{key.kid}{_SUFFIX}":
            raise KeyFileError(f"it holds the key {key.kid}, which its name does not say")
        self._parsed[path.name] = (identity, key)
        return key


def _identify(path: Path) -> Hashable:
    """Return what differs whenever the file was written, replaced, or had its mode changed."""
    with suppress(OSError):
        status = path.stat()
        return (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return None
