"""Between a frozen dataclass and the row that holds it: the columns bear the fields' names."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import Row

Record = TypeVar("Record")


def to_values(record: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    """Return a column's value for each field of the record."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def to_new_values(record: Any, *, but: Collection[str]) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    """Return the value of each parameter that `new_values` makes of the record's table."""
    values = to_values(record)
    return {f"new_{name}": value for name, value in values.items() if name not in but}


def read_record(kind: type[Record], row: Row[Any] | None) -> Record | None:
    """Return the record that a row of exactly its columns holds; None for no row."""
    return None if row is None else kind(**row._asdict())


def read_records(kind: type[Record], rows: Iterable[Row[Any]]) -> list[Record]:
    """Return the record of each row."""
    return [kind(**row._asdict()) for row in rows]
