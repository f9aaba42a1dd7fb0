"""A psycopg cursor that tells SQLAlchemy of each column what it asks for, when it asks.

Psycopg describes the columns anew after every statement, as objects of seven fields: a fifth of
what a read costs here. SQLAlchemy looks at them the first time alone.
"""

from collections.abc import Sequence
from typing import Any

from psycopg import Cursor
from psycopg.pq.abc import PGresult

Description = Sequence[tuple[Any, ...]]
_LEFT_OUT = (None,) * 5


class PlainCursor(Cursor[Any]):
    """A cursor whose description has None for all that PEP 249 leaves optional."""

    @property
    def description(self) -> Description | None:  # type: ignore[override]
        """Return seven fields for each column, or None where no row can come."""
        return _Columns(self.pgresult) if self.pgresult and self.pgresult.nfields else None


class _Columns(Description):
    """The description of a result, which it keeps alive."""

    def __init__(self, result: PGresult) -> None:
        self._result = result

    def __len__(self) -> int:
        return self._result.nfields

    def __getitem__(self, place: Any) -> Any:  # noqa: ANN401 - an index or a slice
        if isinstance(place, slice):
            return [self[index] for index in range(len(self))[place]]
        index = range(len(self))[place]
        return ((self._result.fname(index) or b"").decode(), self._result.ftype(index), *_LEFT_OUT)
