"""What is past its time goes, in bounded batches; what is not stays."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from idp.audit_events import Event
from idp.outbound.ports import OutboxKind
from idp.secret_values import SecretKeys
from idp.store.database import Database
from idp.store.purge_rules import make_rules
from idp.store.tables import metadata
from idp.store.unit_of_work import SqlUnitOfWork
from tests.integration.store.samples import (
    BUDGET,
    CONTEXT,
    HOUR,
    NOW,
    RULE,
    SUB,
    after,
    make_account,
    make_email_link,
    make_grant,
    make_registration,
    make_reset,
    make_session,
)
from tests.support.statement_counts import count_statements

NEVER_PURGED = {"practitioners", "accounts", "consents", "clients", "key_uses", "meta"}


def send_a_mail(unit: SqlUnitOfWork) -> None:
    """Queue a mail and deliver it."""
    unit.outbox.enqueue_mail("activation", to="a@example.org", parameters={}, now=NOW)
    (item,) = unit.outbox.lease(
        OutboxKind.MAIL, worker="w", limit=1, lease_until=after(hours=1), now=NOW
    )
    unit.outbox.mark_delivered(item.id, "w", NOW)


def add_an_email_link(unit: SqlUnitOfWork) -> None:
    """Add one, of an account."""
    unit.accounts.add(make_account())
    unit.email_links.add(make_email_link())


WRITE_A_ROW: dict[str, Callable[[SqlUnitOfWork], object]] = {
    "registrations": lambda unit: unit.registrations.add(make_registration()),
    "resets": lambda unit: unit.resets.add(make_reset(sub=None)),
    "email_links": add_an_email_link,
    "attempts": lambda unit: unit.attempts.reserve("key", RULE, NOW),
    "budgets": lambda unit: unit.attempts.spend("net", BUDGET, NOW),
    "proofs": lambda unit: unit.proofs.consume("proof", expires_at=after(hours=1)),
    "known_devices": lambda unit: unit.known_devices.remember("d", SUB, after(hours=1)),
    "sessions": lambda unit: unit.sessions.add(make_session(expires_at=after(hours=1))),
    "grants": lambda unit: unit.grants.add(make_grant()),
    "pushed_requests": lambda unit: unit.pushed_requests.add(
        "ref", "site", {}, expires_at=after(hours=1)
    ),
    "client_assertions": lambda unit: unit.client_assertions.consume(
        "site", "jti", expires_at=after(hours=1)
    ),
    "outbox": send_a_mail,
    "audit_events": lambda unit: unit.audit.record(Event.LOGIN_FAILED),
}
GOES_AFTER = {
    "registrations": timedelta(days=31),
    "resets": timedelta(days=31),
    "email_links": timedelta(days=31),
    "attempts": timedelta(days=30),
    "budgets": HOUR,
    "proofs": HOUR,
    "known_devices": HOUR,
    "sessions": HOUR,
    "grants": timedelta(hours=25),
    "pushed_requests": timedelta(hours=26),
    "client_assertions": timedelta(hours=1, minutes=5),
    "outbox": timedelta(days=30),
    "audit_events": timedelta(days=365),
}


def count_rows(database: Database, table: str) -> int:
    """Return how many rows a table has."""
    with database.engines.reader.connect() as connection:
        statement = select(func.count()).select_from(metadata.tables[table])
        return connection.execute(statement).scalar_one()


def test_every_table_that_grows_has_a_rule() -> None:
    """A new table is either purged or named here as one that stays small."""
    purged = {rule.table.name for rule in make_rules(HOUR)}
    assert purged == set(metadata.tables) - NEVER_PURGED == set(WRITE_A_ROW)


@pytest.mark.parametrize("table", sorted(WRITE_A_ROW))
def test_a_row_stays_to_its_last_moment_and_then_goes(database: Database, table: str) -> None:
    """Links 30 days past their end, grants past the life of a sealed request, audit a year."""
    with database.unit_of_work(CONTEXT) as unit:
        WRITE_A_ROW[table](unit)
        unit.commit()
    last_moment = NOW + GOES_AFTER[table]
    assert database.purge_expired(last_moment)[table] == 0
    assert count_rows(database, table) == 1
    assert database.count(last_moment + timedelta(seconds=1)).purge_backlog >= 1
    assert database.purge_expired(last_moment + timedelta(seconds=1))[table] == 1
    assert count_rows(database, table) == 0


def test_a_purge_takes_as_many_batches_as_it_needs(database: Database) -> None:
    """Each its own short transaction."""
    with database.unit_of_work(CONTEXT) as unit:
        for number in range(7):
            unit.known_devices.remember("d", f"sub {number}", after(hours=1))
        unit.commit()
    with count_statements(database) as counts:
        assert database.purge_expired(after(hours=2), batch=3)["known_devices"] == 7
    deletes = [sql for sql in counts.statements if "DELETE FROM known_devices" in sql]
    assert (len(deletes), counts.commits) == (3, len(counts.statements))


def test_a_batch_is_no_larger_where_statistics_are_old(database: Database) -> None:
    """A table that was tiny when its statistics were made is still purged batch by batch."""
    rule = next(rule for rule in make_rules(HOUR) if rule.table.name == "known_devices")
    with database.unit_of_work(CONTEXT) as unit:
        unit.known_devices.remember("first", SUB, after(hours=1))
        unit.commit()
    with database.engines.writer.connect() as connection:
        connection.exec_driver_sql("ANALYZE known_devices")
    with database.unit_of_work(CONTEXT) as unit:
        for number in range(7):
            unit.known_devices.remember(f"d{number}", SUB, after(hours=1))
        unit.commit()
    with database.engines.writer.connect() as connection:
        values = {**rule.values(after(hours=2)), "batch": 3}
        assert connection.execute(rule.delete_batch(), values).rowcount == 3


def test_writers_get_their_turn_while_a_purge_runs(database: Database) -> None:
    """SQLite's only writer of a process is given back between two batches."""
    with database.unit_of_work(CONTEXT) as unit, ThreadPoolExecutor(1) as threads:
        for number in range(100):
            unit.attempts.spend(f"network {number}", BUDGET, NOW)
        purge = threads.submit(database.purge_expired, after(hours=2), batch=1)
        for _ in range(3):
            unit.sessions.add(make_session())
            unit.commit()
        assert not purge.done()
        assert purge.result()["budgets"] == 100


def test_a_grant_of_a_long_session_stays_with_it(database: Database) -> None:
    """Its refresh tokens are still good."""
    with database.unit_of_work(CONTEXT) as unit:
        unit.grants.add(make_grant(expires_at=after(days=3)))
        unit.commit()
    assert database.purge_expired(after(days=2))["grants"] == 0


def test_a_purge_gives_up_expired_mails(database: Database) -> None:
    """Their links are erased though no worker came by."""
    with database.unit_of_work(CONTEXT) as unit:
        unit.outbox.enqueue_mail(
            "activation",
            to="a@example.org",
            parameters={},
            secrets={"link": "https://connexion.mnspf.fr/activation"},
            expires_at=after(hours=1),
            now=NOW,
        )
        unit.commit()
        database.purge_expired(after(hours=1))
        (item,) = unit.outbox.find_page()
    assert not item.sealed_secrets


def test_the_trail_is_kept_as_long_as_the_settings_say(database_url: str, keys: SecretKeys) -> None:
    """A shorter time purges earlier."""
    database = Database(database_url, keys=keys, audit_kept=timedelta(days=30))
    with database.unit_of_work(CONTEXT) as unit:
        unit.audit.record(Event.LOGIN_FAILED)
        unit.commit()
    assert database.purge_expired(after(days=31))["audit_events"] == 1
    database.close()


def test_the_counts_say_what_lives_and_waits(database: Database) -> None:
    """Expired sessions and ended blocks are not counted."""
    with database.unit_of_work(CONTEXT) as unit:
        for session in (make_session(), make_session(idle_expires_at=NOW)):
            unit.sessions.add(session)
        unit.attempts.block("a", after(hours=1), NOW)
        unit.attempts.block("b", NOW, after(hours=-1))
        unit.outbox.enqueue_logout_notice("site", SUB, sid="s", now=NOW)
        unit.commit()
        assert unit.outbox.lease(
            OutboxKind.LOGOUT, worker="w", limit=1, lease_until=after(hours=1), now=NOW
        )
    counts = database.count(NOW)
    assert (counts.live_sessions, counts.blocks, counts.outbox.waiting) == (1, 1, 1)
