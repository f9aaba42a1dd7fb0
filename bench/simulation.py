"""Days that pass as fast as a database can take them: each adds its rows, then the purge runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import perf_counter

from sqlalchemy import func, select, text

from bench.past import Stretch, add_rows, open_to_fill
from bench.past_rows import LOGIN_ROWS, OTHER_ROWS, PRACTITIONER_ROWS
from idp.store.database import Database
from idp.store.purge_rules import make_rules
from idp.store.tables import metadata

_BEGINS_AT = datetime(2026, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_DAYS_A_MONTH = 30
_ACCOUNTS = 10_000
_OTHERS_EVERY = 50
"""Of so many logins one comes with a failure, a registration, a reset, a mail ..."""

_SIZES = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthEnd:
    """What a month left: rows of each table, size of the database; and how long its purges took."""

    rows: Mapping[str, int]
    mib: float
    purge_seconds: float


class Simulation:
    """An installation whose days pass as fast as its database can take them."""

    def __init__(self, url: str, database: Database, *, logins_a_day: int) -> None:
        """Put practitioners with accounts into the database.

        What the purge takes away, and nothing else, is what the days bring.
        """
        purged = {rule.table.name for rule in make_rules(_DAY)}
        assert purged == {*LOGIN_ROWS, *OTHER_ROWS}, "a day has to bring rows to each purged table"
        self._engine = open_to_fill(url)
        self._database = database
        self._logins_a_day = logins_a_day
        accounts = Stretch(
            first=1, last=_ACCOUNTS, begins_at=_BEGINS_AT, step=timedelta(), accounts=_ACCOUNTS
        )
        add_rows(self._engine, PRACTITIONER_ROWS, accounts)

    def live_months(self, days: int) -> Iterator[MonthEnd]:
        """Let so many days pass; yield what is there at each month's end."""
        for first in range(0, days, _DAYS_A_MONTH):
            month = range(first, min(first + _DAYS_A_MONTH, days))
            purge_seconds = sum(self._live_day(day) for day in month)
            yield self._look(purge_seconds)

    def _live_day(self, day: int) -> float:
        """Add the day's rows and purge at its end; return how long the purge took, in seconds."""
        begins_at = _BEGINS_AT + day * _DAY
        logins = Stretch(
            first=1 + day * self._logins_a_day,
            last=(day + 1) * self._logins_a_day,
            begins_at=begins_at,
            step=_DAY / self._logins_a_day,
            accounts=_ACCOUNTS,
        )
        add_rows(self._engine, LOGIN_ROWS, logins)
        add_rows(self._engine, OTHER_ROWS, replace(logins, every=_OTHERS_EVERY))
        began = perf_counter()
        self._database.purge_expired(begins_at + _DAY)
        seconds = perf_counter() - began
        self._vacuum()
        return seconds

    def _vacuum(self) -> None:
        """What autovacuum does by itself where days take a day; SQLite reuses its pages at once."""
        if self._engine.dialect.name == "postgresql":
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as it:
                it.execute(text("VACUUM"))

    def _look(self, purge_seconds: float) -> MonthEnd:
        with self._engine.connect() as connection:
            rows = {
                table.name: connection.scalars(select(func.count()).select_from(table)).one()
                for table in metadata.sorted_tables
            }
            size = connection.scalars(text(_SIZES[self._engine.dialect.name])).one()
        return MonthEnd(rows=rows, mib=size / 2**20, purge_seconds=purge_seconds)
