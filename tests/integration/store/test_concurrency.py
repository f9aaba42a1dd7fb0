"""Once is once, with fifty threads of two processes at it at the same moment."""

import json
import sys
from collections import Counter
from subprocess import PIPE, Popen
from typing import Any

import pytest

from idp.accounts.links import LinkState
from idp.store.database import Database
from idp.store.unit_of_work import SqlUnitOfWork
from tests.integration.store.rush import UNITS_PER_WRITER
from tests.integration.store.samples import (
    CONTEXT,
    NOW,
    make_account,
    make_grant,
    make_practitioner,
    make_reset,
)
from tests.integration.store.test_purge import count_rows

THREADS = 25


def rush(url: str, action: str, threads: int = THREADS) -> list[Any]:
    """Let two processes of so many threads do it at once; return what each thread got."""
    command = [sys.executable, "-m", "tests.integration.store.rush", url, action]
    processes = [
        Popen([*command, str(first), str(threads)], stdin=PIPE, stdout=PIPE, text=True)
        for first in (0, threads)
    ]
    try:
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        outputs = [process.communicate(timeout=60)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert [process.returncode for process in processes] == [0, 0]
    return [result for output in outputs for result in json.loads(output)]


@pytest.fixture(autouse=True)
def rows(unit: SqlUnitOfWork) -> None:
    """What the threads fight for."""
    unit.practitioners.save(make_practitioner())
    unit.accounts.add(make_account())
    unit.grants.add(make_grant(id="grant"))
    for reset_id in ("reset", "reset-0", "reset-1"):
        unit.resets.add(make_reset(id=reset_id))
    for _ in range(THREADS):
        unit.outbox.enqueue_mail("activation", to="a@example.org", parameters={}, now=NOW)
    unit.commit()


@pytest.mark.parametrize("action", ["reserve", "try_code"])
def test_exactly_three_attempts_are_let_through(database_url: str, action: str) -> None:
    """Numbered one to three, whoever came first."""
    counted = Counter(rush(database_url, action))
    assert counted == {1: 1, 2: 1, 3: 1, None: 2 * THREADS - 3}


@pytest.mark.parametrize(
    "action",
    ["redeem", "rotate", "answer_once", "consume_assertion", "use_one_of_two_links"],
)
def test_what_is_good_once_has_one_winner(database_url: str, action: str) -> None:
    """A code, a refresh token, an answer, a jti; of two links of one account, one."""
    assert Counter(rush(database_url, action)) == {True: 1, False: 2 * THREADS - 1}


def test_of_many_registrations_at_once_one_stays_usable(
    database: Database, database_url: str
) -> None:
    """Each replaces the one before, none escapes."""
    numbers = rush(database_url, "register")
    with database.unit_of_work(CONTEXT) as unit:
        found = [unit.registrations.find_by_link(f"link-{number}") for number in numbers]
    states = Counter(registration.state(NOW) for registration in found if registration)
    assert states == {LinkState.USABLE: 1, LinkState.REPLACED: 2 * THREADS - 1}


def test_no_two_workers_lease_one_item(database_url: str) -> None:
    """Twice as many workers as items: each item is leased once."""
    leased = Counter(rush(database_url, "lease"))
    assert leased.pop(None) == THREADS
    assert set(leased.values()) == {1}
    assert len(leased) == THREADS


def test_thirty_two_writers_never_find_the_database_locked(
    database: Database, database_url: str
) -> None:
    """Nothing is refused and nothing lost."""
    before = count_rows(database, "grants")
    written = sum(rush(database_url, "write_much", threads=16))
    assert written == 32 * UNITS_PER_WRITER
    for table, more in (("sessions", 0), ("grants", before), ("audit_events", 0)):
        assert count_rows(database, table) == written + more
