"""Backups are consistent, private, and revive nothing; an installation can move."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from idp.accounts.links import EmailLinkKind
from idp.outbound.ports import OutboxKind
from idp.secret_values import SecretKeys
from idp.store.audit import AuditQuery
from idp.store.backup import BackupError, back_up
from idp.store.database import Database
from idp.store.restoring import find_restored_at, mark_restored
from idp.store.tables import metadata
from idp.store.unit_of_work import SqlUnitOfWork
from tests.integration.store.every_method import call_everything
from tests.integration.store.samples import (
    CLIENT_ID,
    CONTEXT,
    FINESS,
    NOW,
    SUB,
    after,
    make_account,
    make_client,
    make_email_link,
    make_grant,
    make_practitioner,
    make_registration,
    make_reset,
    make_session,
)
from tests.integration.store.test_purge import count_rows
from tests.support.databases import Databases


@pytest.fixture
def wide_umask() -> Iterator[None]:
    """A umask that would let anybody read new files."""
    earlier = os.umask(0)
    yield
    os.umask(earlier)


def restore(backup: Path, databases: Databases, folder: Path) -> str:
    """Put a backup in the place of an empty database, as an operator does; return its address."""
    if backup.read_bytes().startswith(b"SQLite"):
        restored = folder / "restored.db"
        backup.rename(restored)
        return f"sqlite:///{restored}"
    url = databases.url(databases.create_empty())
    plain = url.replace("+psycopg", "")
    subprocess.run(["pg_restore", "--dbname", plain, backup], check=True)
    return url


@pytest.mark.usefixtures("wide_umask")
def test_a_backup_can_be_restored(
    database: Database, unit: SqlUnitOfWork, databases: Databases, keys: SecretKeys, tmp_path: Path
) -> None:
    """Every row is there, and only its owner may open the file (attack case C110)."""
    call_everything(unit)
    unit.commit()
    backup = tmp_path / "backup"
    back_up(database.url, backup)
    assert backup.stat().st_mode & 0o777 == 0o600
    restored = Database(restore(backup, databases, tmp_path), keys=keys)
    for table in metadata.tables:
        assert count_rows(restored, table) == count_rows(database, table)
    restored.close()


@contextmanager
def writing(database: Database) -> Iterator[None]:
    """Write pairs of rows in a thread, each pair in one transaction, until the `with` ends."""
    stop, begun = Event(), Event()

    def write() -> None:
        with database.unit_of_work(CONTEXT) as unit:
            while not stop.is_set():
                unit.sessions.add(make_session())
                unit.grants.add(make_grant())
                unit.commit()
                begun.set()

    thread = Thread(target=write)
    thread.start()
    begun.wait()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_a_backup_is_of_one_moment(
    database: Database, databases: Databases, keys: SecretKeys, tmp_path: Path
) -> None:
    """No transaction is in it by half, though somebody writes all the while."""
    with writing(database):
        back_up(database.url, tmp_path / "backup")
    restored = Database(restore(tmp_path / "backup", databases, tmp_path), keys=keys)
    assert count_rows(restored, "sessions") == count_rows(restored, "grants") > 0
    restored.close()


def test_a_backup_replaces_no_file(database: Database, tmp_path: Path) -> None:
    """Yesterday's is not lost by a slip."""
    target = tmp_path / "backup"
    target.write_text("yesterday's")
    with pytest.raises(BackupError, match="already"):
        back_up(database.url, target)
    assert target.read_text() == "yesterday's"


def test_a_failed_backup_leaves_no_file(database: Database, tmp_path: Path) -> None:
    """Half a backup looks like a whole one."""
    elsewhere = database.url.set(database=f"{database.url.database}-missing")
    with pytest.raises(BackupError):
        back_up(elsewhere, tmp_path / "backup")
    assert list(tmp_path.glob("backup")) == []


def test_what_was_used_since_the_backup_is_dead_after_it(
    database: Database, unit: SqlUnitOfWork
) -> None:
    """Codes, refresh tokens, sessions, links, pushed requests, devices, mails (C111)."""
    session, grant, registration, reset = (
        make_session(),
        make_grant(),
        make_registration(),
        make_reset(),
    )
    link = make_email_link(kind=EmailLinkKind.UNDO)
    unit.accounts.add(make_account())
    unit.sessions.add(session)
    unit.grants.add(grant)
    unit.registrations.add(registration)
    unit.resets.add(reset)
    unit.email_links.add(link)
    unit.pushed_requests.add("ref", CLIENT_ID, {}, expires_at=after(minutes=1))
    unit.known_devices.remember("device", SUB, after(days=1))
    unit.outbox.enqueue_mail("activation", to="a@example.org", parameters={}, now=NOW)
    unit.commit()
    mark_restored(database, CONTEXT)
    assert unit.sessions.find(session.secret_digest, NOW) is None
    assert not unit.grants.redeem_code(grant.id, refresh_generation=1, now=NOW)
    assert not unit.grants.rotate_refresh(
        grant.id, client_id=grant.client_id, generation=0, now=NOW
    )
    assert not unit.registrations.consume(registration.id, NOW)
    assert not unit.resets.consume(reset.id, NOW)
    assert not unit.email_links.consume(link.id, NOW)
    assert unit.pushed_requests.find("ref") is None
    assert not unit.known_devices.is_known("device", SUB, NOW)
    for kind in OutboxKind:
        end = after(hours=1)
        assert not unit.outbox.lease(kind, worker="w", limit=9, lease_until=end, now=NOW)


def test_people_and_clients_outlive_a_restoration(database: Database, unit: SqlUnitOfWork) -> None:
    """They keep their passwords and consents."""
    unit.practitioners.save(make_practitioner())
    unit.accounts.add(make_account())
    unit.clients.save(make_client())
    unit.consents.remember(SUB, CLIENT_ID, frozenset({"openid"}), request_id="r", now=NOW)
    unit.commit()
    mark_restored(database, CONTEXT)
    assert unit.practitioners.find(FINESS) == make_practitioner()
    assert unit.accounts.find(SUB) == make_account()
    assert unit.clients.find(CLIENT_ID) == make_client()
    assert unit.consents.find(SUB, CLIENT_ID)


def test_a_restoration_is_dated_and_in_the_trail(database: Database, unit: SqlUnitOfWork) -> None:
    """The doctor can tell when, the trail who."""
    assert find_restored_at(database) is None
    unit.sessions.add(make_session())
    unit.commit()
    assert mark_restored(database, CONTEXT)["sessions"] == 1
    assert find_restored_at(database) == NOW
    (event,) = unit.audit.find(AuditQuery(name="database.restored"))
    assert (event.operator, event.details["sessions"]) == ("marie", "1")
