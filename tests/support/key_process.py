"""A process that changes keys, and that can be made to die at each step of it.

python -m tests.support.key_process FOLDER ACT [--wait-for FILE | --die-at-each-step]

With --wait-for it starts when the file is there. With --die-at-each-step it makes the change on
copies of the folder, FOLDER-1 and so on, in a child each: the n-th kills itself (SIGKILL) instead
of doing the n-th thing it does to the file system. It stops after the first that survived.
"""

import os
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from itertools import count
from pathlib import Path
from shutil import copytree

from idp.clock import SystemClock
from idp.signing.files import FolderKeyStore
from idp.signing.key_changes import KeyKeeper
from tests.support.network import wait_until
from tests.support.signing import PASSPHRASE, POLICY, AuditList

STEPS = {"open", "os.chmod", "os.mkdir", "os.rename", "os.remove", "os.listdir", "os.scandir"}


def main() -> None:
    """Do what the command line says."""
    options = read_options()
    if options.wait_for:
        wait_until(options.wait_for.exists, 20)
    if options.die_at_each_step:
        die_at_each_step(options.folder, options.act)
    else:
        change_keys(options.folder, options.act)


def read_options() -> Namespace:
    """Read the command line."""
    parser = ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("act", help="NAME or NAME:KID")
    parser.add_argument("--wait-for", type=Path)
    parser.add_argument("--die-at-each-step", action="store_true")
    return parser.parse_args()


def change_keys(folder: Path, act: str) -> None:
    """Make a change as `idp keys` does."""
    store = FolderKeyStore(folder, passphrase=PASSPHRASE)
    keeper = KeyKeeper(store, policy=POLICY, clock=SystemClock(), audit=AuditList())
    name, _, kid = act.partition(":")
    match name:
        case "init":
            keeper.make_first_keys(["RS256", "ES256"])
        case "rotate":
            keeper.rotate("ES256")
        case "schedule":
            keeper.run_schedule()
        case _:
            getattr(keeper, name)(kid)


def die_at_each_step(folder: Path, act: str) -> None:
    """Make the change once for each of its steps, and report how each child ended."""
    for step in count(1):
        copy = folder.with_name(f"{folder.name}-{step}")
        if folder.exists():
            copytree(folder, copy)
        child = os.fork()
        if child == 0:
            sys.addaudithook(kill_at_step(step, copy))
            change_keys(copy, act)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code != -signal.SIGKILL:
            sys.exit(code)


def kill_at_step(number: int, folder: Path) -> Callable[[str, tuple[object, ...]], None]:
    """Return an audit hook that kills this process before its n-th step in the folder."""
    step = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal step
        if event in STEPS and str(folder) in str(arguments[0]):
            step += 1
            if step == number:
                os.kill(os.getpid(), signal.SIGKILL)

    return hook


if __name__ == "__main__":
    main()
