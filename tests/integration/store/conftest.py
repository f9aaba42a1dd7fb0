"""A migrated database of each kind, and units of work over it under a clock that stands still."""

from collections.abc import Iterator

import pytest

from idp.secret_values import SecretKey, SecretKeys
from idp.store.database import Database
from idp.store.unit_of_work import SqlUnitOfWork
from tests.integration.store.samples import CONTEXT


@pytest.fixture
def keys() -> SecretKeys:
    """The keys that seal what waits in the outbox."""
    return SecretKeys([SecretKey("a sample secret of 32 characters")])


@pytest.fixture
def database(database_url: str, keys: SecretKeys) -> Iterator[Database]:
    """A database with today's schema and no row, on each kind in turn."""
    database = Database(database_url, keys=keys)
    yield database
    database.close()


@pytest.fixture
def unit(database: Database) -> Iterator[SqlUnitOfWork]:
    """A unit of work over that database."""
    with database.unit_of_work(CONTEXT) as unit:
        yield unit
