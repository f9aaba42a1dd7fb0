"""A psycopg cursor that tells SQLAlchemy of each column what it asks for: name and type.

Psycopg describes the columns anew after every statement, as objects of seven fields: a fifth of
what a read costs here.
"""

from typing import Any

from psycopg import Cursor

Description = list[tuple[Any, ...]]
_LEFT_OUT = (None,) * 5


class PlainCursor(Cursor[Any]):
    """A cursor whose description has None for all that PEP 249 leaves optional."""

    @property
    def description(self) -> Description | None:  # type: ignore[override]
        """Return seven fields for each column, or None where no row can come."""
        result = self.pgresult
        if result is None or not result.nfields:
            return None
        return [
            ((result.fname(place) or b"").decode(), result.ftype(place), *_LEFT_OUT)
            for place in range(result.nfields)
        ]
