"""The audit trail: complete, findable, append-only."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from idp.audit_events import Event
from idp.store.audit import AuditEvent, AuditQuery
from idp.store.database import Database
from idp.store.unit_of_work import SqlUnitOfWork
from tests.integration.store.samples import CONTEXT, FINESS, NOW, SUB, after


class MovingClock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self.moment


@pytest.fixture
def clock() -> MovingClock:
    """The clock that dates the events."""
    return MovingClock()


@pytest.fixture
def unit(database: Database, clock: MovingClock) -> Iterator[SqlUnitOfWork]:
    """A unit of work whose events are dated by that clock."""
    with database.unit_of_work(replace(CONTEXT, clock=clock)) as unit:
        yield unit


def record(unit: SqlUnitOfWork, clock: MovingClock, moment: datetime, **parts: str) -> None:
    """Record a failed login at that moment."""
    clock.moment = moment
    unit.audit.record(Event(parts.pop("name", Event.LOGIN_FAILED)), **parts)  # type: ignore[arg-type]


def test_an_event_says_everything(unit: SqlUnitOfWork) -> None:
    """Who, when, what, from where, why, and by which operator."""
    unit.audit.record(
        Event.LOGIN_FAILED,
        finess=FINESS,
        sub=SUB,
        client_id="site",
        reason="wrong password",
        details={"number": "2"},
    )
    unit.commit()
    (event,) = unit.audit.find(AuditQuery())
    assert event == AuditEvent(
        id=event.id,
        at=NOW,
        name="login.failed",
        finess=FINESS,
        sub=SUB,
        client_id="site",
        network="192.0.2.0/24",
        request_id="r-1",
        operator="marie",
        reason="wrong password",
        details={"number": "2"},
    )


def test_what_a_request_sent_can_be_recorded(unit: SqlUnitOfWork) -> None:
    """Even a NUL, which PostgreSQL keeps in no text."""
    unit.audit.record(
        Event.AUTHORIZATION_REFUSED, client_id="a\0b", reason="c\0d", details={"e": "f\0g"}
    )
    (event,) = unit.audit.find(AuditQuery())
    assert (event.client_id, event.reason) == ("a\ufffdb", "c\ufffdd")


@pytest.mark.parametrize(
    "query",
    [
        AuditQuery(name="account.blocked"),
        AuditQuery(finess=FINESS),
        AuditQuery(client_id="site"),
        AuditQuery(since=after(minutes=2)),
        AuditQuery(since=NOW, until=after(minutes=9), finess=FINESS, name="account.blocked"),
    ],
)
def test_events_are_found_by_each_part(
    unit: SqlUnitOfWork, clock: MovingClock, query: AuditQuery
) -> None:
    """And by several at once."""
    record(unit, clock, after(minutes=1), finess="750300667", client_id="shop")
    wanted = {"name": "account.blocked", "finess": FINESS, "client_id": "site"}
    record(unit, clock, after(minutes=2), **wanted)
    assert [event.at for event in unit.audit.find(query)] == [after(minutes=2)]


def test_the_end_of_a_time_range_is_not_in_it(unit: SqlUnitOfWork, clock: MovingClock) -> None:
    """So ranges can follow each other."""
    record(unit, clock, after(minutes=1))
    assert not unit.audit.find(AuditQuery(until=after(minutes=1)))


def test_the_newest_come_first(unit: SqlUnitOfWork, clock: MovingClock) -> None:
    """And a limit leaves the oldest out."""
    for minute in (1, 3, 2):
        record(unit, clock, after(minutes=minute), finess=FINESS)
    query = AuditQuery(finess=FINESS)
    assert [event.at for event in unit.audit.find(query)] == [after(minutes=m) for m in (3, 2, 1)]
    assert [event.at for event in unit.audit.find(query, limit=2)] == [
        after(minutes=m) for m in (3, 2)
    ]


@pytest.mark.parametrize(
    "change", ["UPDATE audit_events SET name = 'x'", "DELETE FROM audit_events"]
)
def test_an_event_is_neither_changed_nor_deleted(
    database: Database, unit: SqlUnitOfWork, change: str
) -> None:
    """The database itself refuses, whoever asks."""
    unit.audit.record(Event.LOGIN_FAILED)
    unit.commit()
    with database.engines.writer.connect() as connection, pytest.raises(DBAPIError, match="audit"):
        connection.execute(text(change))
