"""Folders in memory: databases are made and dropped there by the thousand."""

import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp makes an own folder in it
_ENOUGH_BYTES = 4 * 1024**3


def make_memory_folder(prefix: str) -> Path:
    """Make a folder of one's own in memory; on disk where the system has little memory to give."""
    has_room = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ENOUGH_BYTES
    return Path(tempfile.mkdtemp(prefix=prefix, dir=_MEMORY if has_room else None))
