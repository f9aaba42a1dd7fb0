"""`idp db`: schema, purge, backup, copy, and what a restored backup must not revive."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from idp.secret_values import random_token
from idp.settings import name_operator
from tests.support.admin_program import FINESS, AdminProgram, write_settings
from tests.support.databases import Databases


@pytest.fixture
def empty(empty_database_url: str, tmp_path: Path) -> Iterator[AdminProgram]:
    """The program over a database without tables."""
    config = tmp_path / "settings.toml"
    write_settings(config, empty_database_url)
    program = AdminProgram(config)
    yield program
    program.toolbox.close()


def test_upgrade_makes_the_tables(empty: AdminProgram) -> None:
    """Before it `check` finds a fault, after it none; running it again does nothing."""
    assert "run idp db upgrade" in empty.refuse("db", "check")
    empty.do("db", "upgrade")
    assert "fits" in empty.do("db", "check")
    empty.do("db", "upgrade")
    (event,) = empty.trail()
    assert (event.name, event.operator) == ("database.upgraded", name_operator())


def test_asking_makes_no_database(tmp_path: Path) -> None:
    """From another folder or without --config there is none: that is said, and none is made."""
    config, file = tmp_path / "settings.toml", tmp_path / "idp.sqlite3"
    write_settings(config, f"sqlite:///{file}")
    for words in (("db", "check"), ("accounts", "show", FINESS), ("audit", "tail")):
        assert f"there is no database {file}" in AdminProgram(config).refuse(*words)
    assert not file.exists()


def test_database_that_is_away_is_told(tmp_path: Path) -> None:
    """In a sentence, with exit code 1."""
    config = tmp_path / "settings.toml"
    write_settings(config, "postgresql://idp@127.0.0.1:1/idp")
    for command in ("upgrade", "check", "purge"):
        assert "Error: " in AdminProgram(config).refuse("db", command)


def test_purge_says_what_went(admin: AdminProgram) -> None:
    """By table; a second one finds nothing, and leaves nothing in the trail."""
    with admin.toolbox.visit() as visit:
        visit.uow.proofs.consume(random_token(), expires_at=admin.now - timedelta(hours=1))
    assert admin.do("db", "purge").split() == ["proofs", "1"]
    assert "nothing is past its time" in admin.do("db", "purge")
    (event,) = admin.trail()
    assert (event.name, event.details) == ("database.purged", {"proofs": "1"})


def test_backup_is_written_once(admin: AdminProgram, tmp_path: Path) -> None:
    """A file that is there already is never written over; each backup is in the trail."""
    target = tmp_path / "sauvegarde"
    assert "idp db restored" in admin.do("db", "backup", target)
    assert target.stat().st_mode & 0o777 == 0o600
    content = target.read_bytes()
    assert "is there already" in admin.refuse("db", "backup", target)
    assert target.read_bytes() == content
    (event,) = admin.trail()
    assert (event.name, event.details) == ("database.backed_up", {"file": "sauvegarde"})


def test_old_schema_can_be_backed_up(empty: AdminProgram, tmp_path: Path) -> None:
    """Before an upgrade above all; that the trail could not be written is told."""
    printed = empty.do("db", "backup", tmp_path / "sauvegarde")
    assert "not in the audit trail" in printed


def test_copy_carries_an_installation_over(
    admin: AdminProgram, databases: Databases, tmp_path: Path
) -> None:
    """Into an empty database alone, after a question; the trail there goes on."""
    admin.add_practitioner()
    account = admin.add_account()
    target = databases.url(databases.create_empty())
    command = ("db", "copy", "--to", target)
    admin.refuse(*command, answer="n\n")
    assert "database.url" in admin.do(*command, answer="y\n")
    assert "holds rows already" in admin.refuse(*command, "--yes")
    config = tmp_path / "there.toml"
    write_settings(config, target)
    there = AdminProgram(config)
    assert there.find_account() == account
    assert there.find_practitioner() == admin.find_practitioner()
    there.toolbox.close()


@pytest.mark.parametrize(
    "target",
    [
        "postgresql://idp:secret@127.0.0.1/idp",
        "postgresql://idp@127.0.0.1/idp?password=secret",
        "mysql://127.0.0.1/idp",
        "there.sqlite3",
        "postgresql://[x/idp",
    ],
)
def test_address_that_is_none_or_tells_a_password_is_refused(
    admin: AdminProgram, target: str
) -> None:
    """Exit code 2: `ps` shows arguments to everybody (C109)."""
    printed = admin.refuse("db", "copy", "--to", target, "--yes", code=2)
    assert "secret" not in printed


def test_restored_revives_nothing(admin: AdminProgram) -> None:
    """After a question; accounts stay (C111)."""
    account = admin.add_account()
    with admin.toolbox.visit() as visit:
        expires_at = admin.now + timedelta(days=365)
        visit.uow.known_devices.remember(random_token(), account.sub, expires_at)
    admin.refuse("db", "restored", answer="n\n")
    assert admin.do("db", "restored", answer="y\n").split()[-2:] == ["known_devices", "1"]
    assert "nothing had to die" in admin.do("db", "restored", "--yes")
    assert admin.find_account(FINESS) == account
    assert [event.operator for event in admin.trail("database.restored")] == [name_operator()] * 2
