"""What a unit of work costs, sees, keeps and takes back."""

from contextlib import ExitStack

import pytest

from idp.audit_events import Event
from idp.store.database import Database
from idp.store.engines import connect
from tests.integration.store.samples import (
    CONTEXT,
    FINESS,
    NOW,
    after,
    make_grant,
    make_practitioner,
    make_session,
)
from tests.support.statement_counts import count_statements


def test_a_read_is_one_statement_and_no_commit(database: Database) -> None:
    """Looking at a page writes nothing."""
    with database.unit_of_work(CONTEXT) as unit, count_statements(database) as counts:
        unit.practitioners.find(FINESS)
        unit.commit()
    assert (len(counts.statements), counts.commits) == (1, 0)


def test_a_unit_that_does_nothing_costs_nothing(database: Database) -> None:
    """Not even a connection."""
    with count_statements(database) as counts, database.unit_of_work(CONTEXT) as unit:
        unit.commit()
    assert (len(counts.statements), counts.commits) == (0, 0)


def test_a_silent_sign_on_is_one_statement_and_one_commit(database: Database) -> None:
    """The grant alone is written."""
    with count_statements(database) as counts, database.unit_of_work(CONTEXT) as unit:
        unit.grants.add(make_grant())
        unit.commit()
    assert (len(counts.statements), counts.commits) == (1, 1)


def test_a_redemption_is_one_statement_and_one_commit(database: Database) -> None:
    """Together with an attempt and a rotation it would be one each."""
    with database.unit_of_work(CONTEXT) as unit:
        grant = make_grant()
        unit.grants.add(grant)
        unit.commit()
        with count_statements(database) as counts:
            unit.grants.redeem_code(grant.id, refresh_generation=1, now=NOW)
            unit.commit()
    assert (len(counts.statements), counts.commits) == (1, 1)


def test_several_writes_are_one_commit(database: Database) -> None:
    """All or nothing."""
    with count_statements(database) as counts, database.unit_of_work(CONTEXT) as unit:
        unit.sessions.add(make_session())
        unit.grants.add(make_grant())
        unit.audit.record(Event.LOGIN_SUCCEEDED)
        unit.commit()
    assert (len(counts.statements), counts.commits) == (3, 1)


def test_a_unit_sees_its_own_writes_before_others_do(database: Database) -> None:
    """Others see them from the commit on."""
    with database.unit_of_work(CONTEXT) as unit, database.unit_of_work(CONTEXT) as other:
        unit.practitioners.save(make_practitioner())
        assert unit.practitioners.find(FINESS)
        assert other.practitioners.find(FINESS) is None
        unit.commit()
        assert other.practitioners.find(FINESS)


def test_what_is_not_committed_is_taken_back(database: Database) -> None:
    """By a rollback, and by leaving the `with`."""
    with database.unit_of_work(CONTEXT) as unit:
        unit.practitioners.save(make_practitioner())
        unit.rollback()
        assert unit.practitioners.find(FINESS) is None
        unit.practitioners.save(make_practitioner())
        assert unit.practitioners.find(FINESS)
    with database.unit_of_work(CONTEXT) as unit:
        assert unit.practitioners.find(FINESS) is None


def test_an_exception_takes_back_what_was_written(database: Database) -> None:
    """Nothing half done stays."""

    def write_and_fail() -> None:
        with database.unit_of_work(CONTEXT) as unit:
            unit.practitioners.save(make_practitioner())
            assert unit.practitioners.find(FINESS)
            raise LookupError

    with pytest.raises(LookupError):
        write_and_fail()
    with database.unit_of_work(CONTEXT) as unit:
        assert unit.practitioners.find(FINESS) is None


def test_a_unit_goes_on_after_its_commit(database: Database) -> None:
    """An attempt is committed before the hash, its outcome after."""
    with database.unit_of_work(CONTEXT) as unit:
        unit.practitioners.save(make_practitioner())
        unit.commit()
        unit.practitioners.save(make_practitioner(closed_at=after(hours=1)))
        unit.commit()
        assert unit.practitioners.find(FINESS) == make_practitioner(closed_at=after(hours=1))


def test_repositories_are_made_when_asked_for(database: Database) -> None:
    """And then stay the same."""
    with database.unit_of_work(CONTEXT) as unit:
        assert unit.grants is unit.grants


def test_the_connection_given_back_last_is_taken_first(database: Database) -> None:
    """Its caches are warm; the others rest, and are tried before they are used again."""
    reader = database.engines.reader
    with ExitStack() as both:
        first, second = [both.enter_context(connect(reader)) for _ in range(2)]
        latest = second.connection.driver_connection
        first.close()
    with connect(reader) as taken:
        assert taken.connection.driver_connection is latest
