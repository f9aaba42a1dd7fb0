"""An installation can move to another database, whole or not at all."""

from collections.abc import Iterator

import pytest

from idp.secret_values import SecretKeys
from idp.store.copying import CopyRefusedError, copy_database
from idp.store.database import Database
from idp.store.migrations import upgrade
from idp.store.tables import metadata
from idp.store.unit_of_work import SqlUnitOfWork
from tests.integration.store.every_method import call_everything
from tests.integration.store.samples import CONTEXT, SUB, make_practitioner
from tests.integration.store.test_purge import count_rows
from tests.support.databases import Databases


@pytest.fixture
def target_url(databases: Databases) -> Iterator[str]:
    """The address of a second database, without a table."""
    name = databases.create_empty()
    yield databases.url(name)
    databases.drop(name)


def test_an_installation_can_be_copied(
    database_url: str, target_url: str, unit: SqlUnitOfWork, keys: SecretKeys
) -> None:
    """Row by row, each table, to a database whose schema is made first."""
    call_everything(unit)
    unit.commit()
    copied = copy_database(database_url, target_url)
    assert copied.keys() == metadata.tables.keys()
    target = Database(target_url, keys=keys)
    with target.unit_of_work(CONTEXT) as there:
        assert there.accounts.find(SUB) == unit.accounts.find(SUB)
        assert there.outbox.find_page() == unit.outbox.find_page()
    target.close()


def test_sqlite_moves_to_postgresql(
    sqlite_databases: Databases, postgresql_databases: Databases, keys: SecretKeys
) -> None:
    """What outgrew one machine goes on as it was."""
    source_url = sqlite_databases.url(sqlite_databases.create_migrated())
    target_url = postgresql_databases.url(postgresql_databases.create_empty())
    source, target = Database(source_url, keys=keys), Database(target_url, keys=keys)
    with source.unit_of_work(CONTEXT) as here:
        call_everything(here)
        here.commit()
        copy_database(source_url, target_url)
        with target.unit_of_work(CONTEXT) as there:
            assert there.accounts.find(SUB) == here.accounts.find(SUB)
            assert there.outbox.find_page() == here.outbox.find_page()
    source.close()
    target.close()


def test_a_copy_wipes_nothing_out(
    database: Database, database_url: str, target_url: str, unit: SqlUnitOfWork
) -> None:
    """A target that holds rows is refused, and left as it was."""
    unit.practitioners.save(make_practitioner())
    unit.commit()
    upgrade(target_url)
    with pytest.raises(CopyRefusedError, match="practitioners"):
        copy_database(target_url, database_url)
    assert count_rows(database, "practitioners") == 1


def test_an_old_source_is_refused(database_url: str, target_url: str) -> None:
    """It is upgraded first, by its own hand."""
    with pytest.raises(CopyRefusedError, match="no tables"):
        copy_database(target_url, database_url)
