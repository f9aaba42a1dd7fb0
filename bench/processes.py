"""A server under measurement: its CPU time and memory, over its whole tree of processes."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_START_SECONDS = 60
_PARENT, _UTIME, _STIME, _REAPED_UTIME, _REAPED_STIME = 1, 11, 12, 13, 14


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def run_server(
    command: Sequence[str], *, port: int, log: Path, environment: Mapping[str, str]
) -> Iterator[int]:
    """Start a server, wait until it listens, yield its process id, and end it."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env=dict(environment), start_new_session=True
        )
    try:
        _wait_for(port, process, log)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def cpu_seconds(root: int) -> float:
    """Return the CPU time that a process and its descendants took, ended ones included."""
    ticks = 0
    for pid in _list_tree(root):
        if fields := _read_stat(pid):
            ticks += sum(int(fields[i]) for i in (_UTIME, _STIME, _REAPED_UTIME, _REAPED_STIME))
    return ticks / _TICKS


def memory_mib(root: int) -> float:
    """Return the memory of a process and its descendants, shared pages counted once (PSS)."""
    total = 0
    for pid in _list_tree(root):
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"the server ended: {log.read_text('utf-8', 'replace')[-2000:]}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"the server does not listen on port {port}")


def _list_tree(root: int) -> list[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _read_stat(int(entry.name))):
            parents[int(entry.name)] = int(fields[_PARENT])
    tree = [root]
    for pid in tree:
        tree += [child for child, parent in parents.items() if parent == pid]
    return tree


def _read_stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat behind the name, [] where the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []
