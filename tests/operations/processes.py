"""The processes of a server, as the kernel knows them."""

from pathlib import Path

from tests.support.processes import Process


def list_children(process: Process) -> set[int]:
    """Return the processes that a server started and that live."""
    file = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return {pid for pid in map(int, file.read_text().split()) if not is_gone(pid)}


def is_gone(pid: int) -> bool:
    """Say whether a process ended (a zombie did)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"
