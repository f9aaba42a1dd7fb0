"""The cursor of PostgreSQL's connections describes columns as psycopg's own does, in less time."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from idp.store.cursor import PlainCursor
from tests.support.databases import Databases


@pytest.fixture
def connection(postgresql_databases: Databases) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the driver itself."""
    url = make_url(postgresql_databases.url(postgresql_databases.create_empty()))
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        yield connection


def test_columns_have_psycopg_s_names_and_types(connection: psycopg.Connection[Any]) -> None:
    """Name and type of each column are those that psycopg tells."""
    query = "SELECT 1 AS one, 'é'::text AS \"numéro\", now() AS at, NULL AS nothing"
    whole = connection.execute(query).description or []
    plain = PlainCursor(connection).execute(query).description or []
    assert [column[:2] for column in plain] == [tuple(column[:2]) for column in whole]
    assert {len(column) for column in plain} == {7}
    assert plain[1:3] == [plain[1], plain[2]]


def test_statement_without_rows_has_no_description(connection: psycopg.Connection[Any]) -> None:
    """A change that returns nothing is told from a read that found nothing."""
    cursor = PlainCursor(connection)
    assert cursor.description is None
    assert cursor.execute("CREATE TEMPORARY TABLE t (n int)").description is None
    assert [column[0] for column in cursor.execute("SELECT n FROM t").description or []] == ["n"]
