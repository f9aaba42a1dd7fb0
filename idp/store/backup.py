"""A copy of the running database, in one file that only its owner may open.

Neither signing keys nor master secrets are in it. A database that was restored from a copy still
holds codes and links that were used since: see `restoring.py`.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL

from idp.store.sqlite_files import create_private_file


class BackupError(Exception):
    """There is no backup; the message says why."""


def back_up(url: URL, target: Path) -> None:
    """Copy the database, in use or not, to a new file of mode 0600, as it is at one moment.

    Of SQLite the copy is a database file, of PostgreSQL pg_dump's custom format.

    Raises:
        BackupError: the file is there already, its folder is not, or the copy failed (then no file
            is left).

    """
    if os.path.lexists(target):
        raise BackupError(f"{target} is there already: name a new file")
    if not target.parent.is_dir():
        raise BackupError(f"there is no folder {target.parent}: make it first")
    create_private_file(target)
    copy = _copy_sqlite if url.get_backend_name() == "sqlite" else _dump_postgresql
    try:
        copy(url, target)
    except BaseException:
        target.unlink()
        raise


def _copy_sqlite(url: URL, target: Path) -> None:
    """Copy page by page; SQLite starts again by itself where somebody wrote meanwhile."""
    try:
        with (
            closing(sqlite3.connect(f"file:{url.database}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            (verdict,) = copy.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        raise BackupError(str(error)) from error
    if verdict != "ok":
        raise BackupError(f"the copy is damaged: {verdict}")


def _dump_postgresql(url: URL, target: Path) -> None:
    """Let pg_dump read one snapshot; the password goes by file, where no process list shows it."""
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupError("pg_dump is not installed")
    with TemporaryDirectory() as folder:
        passwords = Path(folder) / "passwords"
        create_private_file(passwords)
        passwords.write_text(f"*:*:*:*:{_escape(url.password or '')}\n", encoding="utf-8")
        address = url.set(drivername="postgresql", password=None).update_query_dict(
            {"passfile": str(passwords)}
        )
        command = [program, "--format=custom", f"--file={target}", f"--dbname={address}"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the program and its arguments are ours
    if ended.returncode:
        raise BackupError(ended.stderr.strip())


def _escape(password: str) -> str:
    return password.replace("\\", "\\\\").replace(":", "\\:")
