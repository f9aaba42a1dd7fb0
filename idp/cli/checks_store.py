"""The checks of `idp doctor` that ask the database: is it there, fit, on time, and let go of."""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from idp.cli.arguments import show_time
from idp.cli.findings import Finding, fault, ok, warning
from idp.store.diagnosis import look_at_database
from idp.store.errors import StoreUnavailableError, UnsafeFileError
from idp.store.migrations import check
from idp.store.restoring import find_restored_at

if TYPE_CHECKING:
    from idp.cli.toolbox import Toolbox

_OLDEST_VERSIONS = {"SQLite": (3, 35), "PostgreSQL": (14,)}
_MAX_CLOCK_OFFSET = timedelta(seconds=5)


def check_database(toolbox: "Toolbox") -> Iterator[Finding]:
    """The database answers, is no older than what it is tested with, and has today's schema."""
    file = toolbox.sqlite_file
    if file and not file.exists():
        yield fault(f"there is no database {file}", "idp db upgrade, as the service's user")
        return
    if file and file.stat().st_uid != os.getuid():
        yield warning(f"{file} is another user's", "run idp as the service's user")
    try:
        signs = look_at_database(toolbox.database.engines)
        complaint = check(toolbox.database.engines)
    except (StoreUnavailableError, UnsafeFileError) as error:
        yield fault(f"the database: {error}", "start it, or mend [database]")
        return
    version = ".".join(map(str, signs.version))
    if signs.version < _OLDEST_VERSIONS[signs.name]:
        yield fault(f"{signs.name} {version} is too old", "upgrade it")
    if complaint:
        text, _, remedy = complaint.partition(": ")
        yield fault(text, remedy or "install the newer program")
    else:
        yield ok(f"{signs.name} {version} answers, the schema fits")
        if restored_at := find_restored_at(toolbox.database):
            yield ok(f"it was restored from a backup on {show_time(restored_at)}")


def check_clock(toolbox: "Toolbox") -> Iterator[Finding]:
    """Every node dates by its own clock: they must agree with the database's."""
    before = toolbox.clock.now()
    signs = look_at_database(toolbox.database.engines)
    after = toolbox.clock.now()
    if signs.clock is None:
        yield ok("the database is on this machine: one clock")
        return
    offset = signs.clock - (before + (after - before) / 2)
    text = f"this clock and the database's differ by {abs(offset).total_seconds():.1f} s"
    if abs(offset) > _MAX_CLOCK_OFFSET:
        yield fault(text, "let both follow NTP: links, codes and blocks end by the clock")
    else:
        yield ok(text)


def check_outbox(toolbox: "Toolbox") -> Iterator[Finding]:
    """What waits to leave does not wait long, and nothing was given up."""
    with toolbox.unit_of_work() as unit:
        depth = unit.outbox.depth(toolbox.clock.now())
    age = str(depth.oldest_age).partition(".")[0]
    if depth.is_late:
        yield fault(
            f"{depth.waiting} mails and notices wait, the oldest for {age}",
            "is a worker running (idp worker, or server.runs_worker)? See idp mail list",
        )
    else:
        yield ok(f"{depth.waiting} mails and notices wait")
    if depth.dead:
        yield warning(f"{depth.dead} mails and notices were given up", "idp mail list --state dead")
