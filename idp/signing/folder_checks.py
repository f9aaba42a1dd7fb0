"""Who else could read or change the keys: the modes of the folder and of its files."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from idp.signing.errors import KeyFault

MAX_FILE_BYTES = 32 * 1024

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class UnsafeKeyFileError(Exception):
    """A key file cannot be read safely; `faults` says why."""

    def __init__(self, faults: list[KeyFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def find_folder_faults(folder: Path) -> list[KeyFault]:
    """Return what is wrong with the keys folder itself; no file in it is looked at."""
    try:
        status = folder.stat()
    except FileNotFoundError:
        return [
            KeyFault(
                str(folder),
                "the keys folder is missing",
                "Restore it from a backup or, on the very first start, make it: idp keys init",
            )
        ]
    except OSError as error:
        return [describe_os_error(folder, error)]
    if not stat.S_ISDIR(status.st_mode):
        return [KeyFault(str(folder), "it is no folder", "Set keys.folder to the keys folder")]
    return list(_find_exposure(folder, status))


def read_private_file(path: Path) -> str:
    """Return the text of a file that nobody else can read or change.

    A symbolic link is followed inside its own folder only, as mounted secrets need it. What is
    checked is the opened file, so nothing can be exchanged between the check and the reading.

    Raises:
        UnsafeKeyFileError: it is missing, unreadable, no ordinary file, too large, open to others,
            or a link that leads out of the folder.

    """
    try:
        target = path.resolve(strict=True)
        if not target.is_relative_to(path.parent.resolve()):
            raise UnsafeKeyFileError([_describe_link(path, target)])
        # Non-blocking, so that a named pipe cannot hold the start up.
        descriptor = os.open(target, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            faults = list(_find_file_faults(path, os.fstat(descriptor)))
            if faults:
                raise UnsafeKeyFileError(faults)
            return os.read(descriptor, MAX_FILE_BYTES).decode()
        finally:
            os.close(descriptor)
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links
        raise UnsafeKeyFileError([describe_os_error(path, error)]) from error
    except UnicodeDecodeError as error:
        damage = KeyFault(str(path), "it is not text", "Restore it from the backup of the folder")
        raise UnsafeKeyFileError([damage]) from error


def describe_os_error(path: Path, error: Exception) -> KeyFault:
    """Return why the system does not let a file or folder be read, as a fault."""
    if isinstance(error, FileNotFoundError):
        return KeyFault(str(path), "it is missing", "Restore it from the backup of the folder")
    if isinstance(error, PermissionError):
        remedy = f"Give it to the user that runs the provider: chown {os.geteuid()} {path}"
        return KeyFault(str(path), "it cannot be read", remedy)
    return KeyFault(str(path), f"it cannot be read ({error})", "Check the disk and the mount")


def _find_file_faults(path: Path, status: os.stat_result) -> Iterator[KeyFault]:
    if not stat.S_ISREG(status.st_mode):
        yield KeyFault(str(path), "it is no ordinary file", f"Remove it: rm {path}")
    elif status.st_size > MAX_FILE_BYTES:
        yield KeyFault(str(path), "it is too large for a key", f"Move it elsewhere: {path}")
    yield from _find_exposure(path, status)


def _find_exposure(path: Path, status: os.stat_result) -> Iterator[KeyFault]:
    mode = stat.S_IMODE(status.st_mode)
    if mode & _OTHERS:
        closed = "700" if stat.S_ISDIR(status.st_mode) else "600"
        problem = f"other users can reach it (mode {mode:04o})"
        yield KeyFault(str(path), problem, f"Close it: chmod {closed} {path}")


def _describe_link(path: Path, target: Path) -> KeyFault:
    problem = f"it is a link that leads out of the folder, to {target}"
    return KeyFault(str(path), problem, "Put the file itself in its place")
