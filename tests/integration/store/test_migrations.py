"""The schema: made by the steps, equal to the tables, checked before it is used."""

import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from idp.secret_values import SecretKeys
from idp.store.database import Database
from idp.store.migrations import check, upgrade
from idp.store.tables import metadata
from tests.integration.store.samples import CONTEXT, SUB, make_account

UPGRADE = "import sys; from idp.store.migrations import upgrade; upgrade(sys.argv[1])"


@pytest.fixture
def empty_database(empty_database_url: str, keys: SecretKeys) -> Iterator[Database]:
    """A database without a table, on each kind in turn."""
    database = Database(empty_database_url, keys=keys)
    yield database
    database.close()


def test_the_steps_make_exactly_the_tables(database: Database) -> None:
    """Nothing that Alembic could tell apart differs, columns' types and defaults included."""
    with database.engines.reader.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_a_fresh_schema_fits(database: Database) -> None:
    """There is nothing to complain of."""
    assert check(database.engines) is None


def test_an_empty_database_is_told_to_upgrade(empty_database: Database) -> None:
    """In a sentence that names the command."""
    assert "idp db upgrade" in (check(empty_database.engines) or "")


@pytest.mark.parametrize(
    "revision, complaint", [("0001", "idp db upgrade"), ("9999", "newer than this program")]
)
def test_another_version_is_told(database: Database, revision: str, complaint: str) -> None:
    """An older one needs an upgrade, one from the future another program."""
    with database.engines.writer.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": revision})
    assert complaint in (check(database.engines) or "")


def test_upgrading_again_changes_nothing(database: Database, database_url: str) -> None:
    """It is safe to run at each start."""
    upgrade(database_url)
    assert check(database.engines) is None


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_an_old_database_is_brought_up_to_date(
    empty_database: Database, empty_database_url: str, revision: str
) -> None:
    """From every step on, with what it holds."""
    upgrade(empty_database_url, revision=revision)
    with empty_database.unit_of_work(CONTEXT) as unit:
        unit.accounts.add(make_account())
        unit.commit()
        upgrade(empty_database_url)
        assert unit.accounts.find(SUB) == make_account()
    assert check(empty_database.engines) is None


def test_several_nodes_may_upgrade_at_once(
    empty_database: Database, empty_database_url: str
) -> None:
    """One does it, the others wait for it."""
    nodes = [Popen([sys.executable, "-c", UPGRADE, empty_database_url]) for _ in range(3)]
    assert [node.wait(timeout=60) for node in nodes] == [0, 0, 0]
    assert check(empty_database.engines) is None


def test_an_upgrade_that_fails_leaves_nothing_behind(
    empty_database: Database, empty_database_url: str
) -> None:
    """All steps are one transaction."""
    with empty_database.engines.writer.connect() as connection:
        connection.execute(text("CREATE TABLE sessions (sid TEXT)"))
    with pytest.raises(Exception, match="already exists"):
        upgrade(empty_database_url)
    with empty_database.engines.writer.connect() as connection:
        assert inspect(connection).get_table_names() == ["sessions"]


def test_every_step_says_what_it_does() -> None:
    """A number, and a sentence in its docstring."""
    folder = Path(sys.modules[upgrade.__module__].__file__ or "").parent / "versions"
    steps = sorted(folder.glob("[0-9]*.py"))
    assert [step.name[:4] for step in steps] == [f"{n:04}" for n in range(1, len(steps) + 1)]
    assert all(step.read_text("utf-8").startswith('"""') for step in steps)
