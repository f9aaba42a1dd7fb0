"""A process that changes keys, and that can be made to die at each step of it.

python -m tests.support.key_process FOLDER ACT [--wait-for FILE] [--die-at-each-step]
    [--die-at-rename N] [--passphrase TEXT] [--at TIME]

With --wait-for it starts when the file is there. With --die-at-rename it kills itself (SIGKILL)
instead of putting the N-th file it wrote in its place. With --die-at-each-step it makes the change
on copies of the folder, FOLDER-1 and so on, in a child each: the n-th kills itself instead of doing
the n-th thing it does to the file system. It stops after the first that survived.
"""

import os
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import datetime
from itertools import count
from pathlib import Path
from shutil import copytree

from idp.clock import Clock, SystemClock
from idp.signing.files import FolderKeyStore
from idp.signing.key_changes import KeyKeeper
from tests.support.network import wait_until
from tests.support.signing import PASSPHRASE, POLICY, AuditList, MovedClock

STEPS = {"open", "os.chmod", "os.mkdir", "os.rename", "os.remove", "os.listdir", "os.scandir"}


def main() -> None:
    """Do what the command line says."""
    options = read_options()
    if options.wait_for:
        wait_until(options.wait_for.exists, 20)
    if options.die_at_each_step:
        die_at_each_step(options.folder, options.act)
        return
    if options.die_at_rename:
        sys.addaudithook(kill_at_step(options.die_at_rename, options.folder, {"os.rename"}))
    clock = MovedClock(options.at) if options.at else SystemClock()
    change_keys(options.folder, options.act, clock=clock, passphrase=options.passphrase)


def read_options() -> Namespace:
    """Read the command line."""
    parser = ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("act", help="NAME, NAME:KID or rotate:ALGORITHM")
    parser.add_argument("--wait-for", type=Path)
    parser.add_argument("--die-at-each-step", action="store_true")
    parser.add_argument("--die-at-rename", type=int)
    parser.add_argument("--passphrase", default=PASSPHRASE)
    parser.add_argument("--at", type=datetime.fromisoformat)
    return parser.parse_args()


def change_keys(
    folder: Path, act: str, *, clock: Clock | None = None, passphrase: str = PASSPHRASE
) -> None:
    """Make the change called NAME or NAME:WORD, as `idp keys` does."""
    store = FolderKeyStore(folder, passphrase=passphrase)
    keeper = KeyKeeper(store, policy=POLICY, clock=clock or SystemClock(), audit=AuditList())
    name, _, word = act.partition(":")
    match name:
        case "init":
            keeper.make_first_keys(["RS256", "ES256"])
        case "rotate":
            keeper.rotate(word or "ES256")
        case "schedule":
            keeper.run_schedule()
        case _:
            getattr(keeper, name)(word)


def die_at_each_step(folder: Path, act: str) -> None:
    """Make the change once for each of its steps, and report how each child ended."""
    for step in count(1):
        copy = folder.with_name(f"{folder.name}-{step}")
        if folder.exists():
            copytree(folder, copy)
        child = os.fork()
        if child == 0:
            sys.addaudithook(kill_at_step(step, copy, STEPS))
            change_keys(copy, act)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code != -signal.SIGKILL:
            sys.exit(code)


def kill_at_step(
    number: int, folder: Path, events: set[str]
) -> Callable[[str, tuple[object, ...]], None]:
    """Return an audit hook that kills this process before its n-th such step in the folder."""
    step = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal step
        if event in events and str(folder) in str(arguments[0]):
            step += 1
            if step == number:
                os.kill(os.getpid(), signal.SIGKILL)

    return hook


if __name__ == "__main__":
    main()
