"""Statements that several tables need alike.

SQLAlchemy's PostgreSQL flavour of INSERT … ON CONFLICT compiles for SQLite as well, so that one
statement serves both.
"""

from collections.abc import Collection

from sqlalchemy import BindParameter, Column, Table, bindparam
from sqlalchemy.dialects.postgresql import Insert, insert

from idp.store.columns import Moment

__all__ = ["NOW", "insert", "insert_or_ignore", "insert_or_replace", "new_values"]

NOW = bindparam("now", type_=Moment)
"""The present moment, as whoever runs a statement knows it."""


def insert_or_replace(table: Table) -> Insert:
    """Insert a row, or replace every column of the one with its key."""
    statement = insert(table)
    replaced = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if not column.primary_key
    }
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=replaced)


def insert_or_ignore(table: Table, *conflict: Column[str]) -> Insert:
    """Insert a row, unless one with the same values of `conflict` (its key, if none) is there."""
    return insert(table).on_conflict_do_nothing(
        index_elements=list(conflict or table.primary_key.columns)
    )


def new_values(table: Table, *, but: Collection[str]) -> dict[str, BindParameter[object]]:
    """Return, for an UPDATE, the parameter `:new_NAME` for every column but some."""
    return {
        column.name: bindparam(f"new_{column.name}")
        for column in table.columns
        if column.name not in but
    }
