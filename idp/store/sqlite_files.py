"""A SQLite database is a file: only its owner may read it, whatever the umask (attack case C110).

SQLite gives its -wal and -shm files the mode of the database file.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

from idp.store.errors import UnsafeFileError

OTHERS = 0o077


def prepare_database_file(url: URL) -> None:
    """Make the file, empty and 0600, in a folder of 0700, unless there is one already.

    An address that is not SQLite's needs no file: nothing is done.

    Raises:
        UnsafeFileError: it is a symbolic link, or others than its owner may open it.
        ValueError: the address names no file: every process would have a database of its own.

    """
    if url.get_backend_name() != "sqlite":
        return
    if url.database in {None, "", ":memory:"}:
        raise ValueError("the address of a SQLite database has to name a file")
    path = Path(str(url.database))
    if not os.path.lexists(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        create_private_file(path)
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    check_private_file(path)


def create_private_file(path: Path) -> None:
    """Create an empty file that only its owner may open; one that exists is left alone."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600))


def check_private_file(path: Path) -> None:
    """Refuse a file that others may open, or that is not where it says it is.

    Raises:
        UnsafeFileError: with a sentence that says what to do.

    """
    if path.is_symlink():
        raise UnsafeFileError(f"{path} is a symbolic link: name the file it leads to")
    mode = path.stat().st_mode & 0o777
    if mode & OTHERS:
        raise UnsafeFileError(f"{path} has mode {mode:04o}, so others may open it: chmod 600 it")
