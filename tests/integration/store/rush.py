"""A process whose threads all do one thing to one database at the same moment.

`python -m tests.integration.store.rush URL ACTION FIRST COUNT` opens COUNT threads, numbered from
FIRST on, says "ready", waits for a line, lets them all go and prints what each got, as JSON.
"""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from idp.audit_events import Event
from idp.outbound.ports import OutboxKind
from idp.secret_values import SecretKey, SecretKeys
from idp.store.database import Database
from idp.store.unit_of_work import SqlUnitOfWork
from tests.integration.store.samples import (
    CLIENT_ID,
    CONTEXT,
    FINESS,
    NOW,
    RULE,
    SUB,
    after,
    make_grant,
    make_registration,
    make_session,
)

UNITS_PER_WRITER = 10


def reserve(unit: SqlUnitOfWork, _number: int) -> object:
    """Reserve an attempt at one key; return its number."""
    attempt = unit.attempts.reserve("key", RULE, NOW)
    return attempt and attempt.number


def try_code(unit: SqlUnitOfWork, _number: int) -> object:
    """Try the code of one reset."""
    return unit.resets.reserve_code_attempt("reset", limit=3, now=NOW)


def redeem(unit: SqlUnitOfWork, _number: int) -> object:
    """Redeem one code."""
    return unit.grants.redeem_code("grant", refresh_generation=1, now=NOW)


def rotate(unit: SqlUnitOfWork, _number: int) -> object:
    """Rotate one refresh token."""
    rotated = unit.grants.rotate_refresh("grant", client_id=CLIENT_ID, generation=0, now=NOW)
    return rotated is not None


def answer_once(unit: SqlUnitOfWork, _number: int) -> object:
    """Answer one request that may be answered once."""
    return unit.grants.add(make_grant(once_id="request"))


def consume_assertion(unit: SqlUnitOfWork, _number: int) -> object:
    """Use one client assertion."""
    return unit.client_assertions.consume("site", "jti", expires_at=after(minutes=1))


def use_one_of_two_links(unit: SqlUnitOfWork, number: int) -> object:
    """Use one of two reset links of one account, which kills the other."""
    is_mine = unit.resets.consume(f"reset-{number % 2}", NOW)
    if is_mine:
        unit.resets.replace_all(SUB, NOW)
    return is_mine


def register(unit: SqlUnitOfWork, number: int) -> object:
    """Ask for a registration of one number, which replaces the waiting one."""
    unit.registrations.add(make_registration(link_digest=f"link-{number}", finess=FINESS))
    return number


def lease(unit: SqlUnitOfWork, number: int) -> object:
    """Lease one item of the outbox."""
    items = unit.outbox.lease(
        OutboxKind.MAIL, worker=f"w{number}", limit=1, lease_until=after(minutes=1), now=NOW
    )
    return items[0].id if items else None


def write_much(unit: SqlUnitOfWork, _number: int) -> object:
    """Commit several units of several statements each."""
    for _ in range(UNITS_PER_WRITER):
        unit.sessions.add(make_session())
        unit.grants.add(make_grant())
        unit.audit.record(Event.LOGIN_SUCCEEDED)
        unit.commit()
    return UNITS_PER_WRITER


ACTIONS: dict[str, Callable[[SqlUnitOfWork, int], object]] = {
    action.__name__: action
    for action in (
        reserve,
        try_code,
        redeem,
        rotate,
        answer_once,
        consume_assertion,
        use_one_of_two_links,
        register,
        lease,
        write_much,
    )
}


def main(url: str, action: str, first: int, count: int) -> None:
    """Do it; see the module's docstring."""
    keys = SecretKeys([SecretKey("a sample secret of 32 characters")])
    database = Database(url, keys=keys, pool_size=count)
    start = Barrier(count + 1)

    def run(number: int) -> object:
        with database.unit_of_work(CONTEXT) as unit:
            start.wait()
            result = ACTIONS[action](unit, number)
            unit.commit()
            return result

    with ThreadPoolExecutor(count) as threads:
        runs = [threads.submit(run, number) for number in range(first, first + count)]
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        start.wait()
        results = [outcome.result() for outcome in runs]
    database.close()
    sys.stdout.write(json.dumps(results))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
