"""No statement without an index for it: what a million rows cost is what a thousand cost.

Every statement that the repositories, the purge and the counts send is caught on its way and
explained by the database itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, event

from idp.store.database import Database
from idp.store.tables import metadata
from tests.integration.store.every_method import Spy, call_everything, list_methods
from tests.integration.store.samples import CONTEXT, NOW

# A few rows each, read whole.
SMALL_TABLES = {"clients", "key_uses", "meta"}
PARTIAL_INDEXES = {
    index.name
    for table in metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}
INDEX_NODES = {"Index Scan", "Index Only Scan", "Bitmap Index Scan"}


@dataclass(frozen=True, slots=True)
class Caught:
    """A statement as it was sent to the driver, with its parameters."""

    sql: str
    parameters: Any

    @property
    def is_bounded(self) -> bool:
        """Whether it stops after some rows, so that walking along an index is fine."""
        return "LIMIT" in self.sql


@pytest.fixture
def caught(database: Database) -> list[Caught]:
    """Every statement sent while the test lasts."""
    statements: dict[str, Caught] = {}

    def catch(
        _connection: object, _cursor: object, sql: str, parameters: object, *_rest: object
    ) -> None:
        one = parameters[0] if isinstance(parameters, list) else parameters
        if sql.split(maxsplit=1)[0] in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
            statements.setdefault(sql, Caught(sql, one))

    for engine in {database.engines.reader, database.engines.writer}:
        event.listen(engine, "before_cursor_execute", catch)
    with database.unit_of_work(CONTEXT) as unit:
        call_everything(unit)
        unit.commit()
    database.purge_expired(NOW)
    database.count(NOW)
    return list(statements.values())


def find_scans(connection: Connection, statement: Caught) -> list[str]:
    """Return what the database would read row by row to run this."""
    if connection.dialect.name == "sqlite":
        return _find_sqlite_scans(connection, statement)
    return _find_postgresql_scans(connection, statement)


def _find_sqlite_scans(connection: Connection, statement: Caught) -> list[str]:
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters)
    scans = [row.detail for row in plan if row.detail.startswith("SCAN")]
    return [
        scan
        for scan in scans
        if scan.split()[1] in metadata.tables.keys() - SMALL_TABLES
        and not (statement.is_bounded and "INDEX" in scan)
    ]


def _find_postgresql_scans(connection: Connection, statement: Caught) -> list[str]:
    connection.exec_driver_sql("SET enable_seqscan = off")
    explained = connection.exec_driver_sql(
        f"EXPLAIN (FORMAT JSON) {statement.sql}", statement.parameters
    )
    (plan,) = explained.scalar_one()
    return [
        f"{node['Node Type']} {node.get('Relation Name', node.get('Index Name'))}"
        for node in _walk(plan["Plan"])
        if _is_scan(node, is_bounded=statement.is_bounded)
    ]


def _walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _walk(child)


def _is_scan(node: dict[str, Any], *, is_bounded: bool) -> bool:
    """Whether rows are read one by one: in table order, or along an index without a condition."""
    if node["Node Type"] == "Seq Scan":
        return node["Relation Name"] not in SMALL_TABLES
    if node["Node Type"] not in INDEX_NODES or node.get("Relation Name") in SMALL_TABLES:
        return False
    is_narrow = "Index Cond" in node or node["Index Name"] in PARTIAL_INDEXES
    return not is_narrow and not is_bounded


def test_every_method_of_every_repository_is_looked_at(database: Database) -> None:
    """A method added later has to be called in every_method.py as well."""
    calls: set[str] = set()
    with database.unit_of_work(CONTEXT) as unit:
        call_everything(Spy(unit, calls))
    assert calls == list_methods()


def test_every_statement_has_an_index(database: Database, caught: list[Caught]) -> None:
    """Each is explained as it was sent, with the parameters it was sent with."""
    assert len(caught) > 90
    with database.engines.writer.connect() as connection:
        scans = {statement.sql: find_scans(connection, statement) for statement in caught}
    assert {sql: found for sql, found in scans.items() if found} == {}


@pytest.mark.parametrize(
    "sql", ["SELECT sid FROM sessions WHERE browser = 'x'", "UPDATE grants SET scope = 'x'"]
)
def test_a_statement_without_an_index_would_be_found(database: Database, sql: str) -> None:
    """So the test above means something."""
    with database.engines.writer.connect() as connection:
        assert find_scans(connection, Caught(sql, ()))
