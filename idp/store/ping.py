"""A pooled PostgreSQL connection that lay idle is tried before it is used again.

SQLAlchemy's own pre-ping asks at each checkout: one more round trip for every request. A
connection used a second ago is trusted instead; should it be dead, that request is answered 503.
"""

from time import monotonic
from typing import Any

from psycopg import Connection, Error
from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

TRUSTED_SECONDS = 1.0


def listen_for_idle_connections(engine: Engine) -> None:
    """Ping the connections of this engine that lay idle; a dead one empties the pool."""
    event.listen(engine, "checkin", _remember_checkin)
    event.listen(engine, "checkout", _ping_if_idle)


def _remember_checkin(_connection: object, record: Any) -> None:  # noqa: ANN401 - a pool's record
    record.info["idle_since"] = monotonic()


def _ping_if_idle(connection: Connection[Any], record: Any, _proxy: object) -> None:  # noqa: ANN401 - a pool's record
    if monotonic() - record.info.get("idle_since", monotonic()) < TRUSTED_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
    except Error as error:
        raise InvalidatePoolError from error
