"""A database: its engines, and units of work over them."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import make_url

from idp.secret_values import SecretKeys
from idp.store.audit import AuditContext
from idp.store.counting import StoreCounts, count_store
from idp.store.engines import EngineOptions, make_engines
from idp.store.purge import purge_expired
from idp.store.sqlite_files import prepare_database_file
from idp.store.transaction import Transaction
from idp.store.unit_of_work import SqlUnitOfWork


class Database:
    """One per process. Nothing is connected before the first statement."""

    def __init__(
        self,
        url: str,
        *,
        keys: SecretKeys,
        pool_size: int = 8,
        statement_timeout: timedelta = timedelta(seconds=15),
        lock_timeout: timedelta = timedelta(seconds=10),
        audit_kept: timedelta = timedelta(days=365),
        tell_event: Callable[[Mapping[str, object]], None] | None = None,
    ) -> None:
        """Take a sqlite:/// or postgresql:// address; `keys` seal what waits in the outbox.

        `audit_kept` is how long the audit trail goes back; `tell_event` is given each event of it
        once it is durable.

        Raises:
            UnsafeFileError: the SQLite file is open to others on this machine.
            ValueError: the address is neither a SQLite file's nor PostgreSQL's.

        """
        self.url = make_url(url)
        prepare_database_file(self.url)
        self.engines = make_engines(
            self.url,
            EngineOptions(
                pool_size=pool_size,
                statement_timeout=statement_timeout,
                lock_timeout=lock_timeout,
            ),
        )
        self._keys = keys
        self._audit_kept = audit_kept
        self._tell_event = tell_event
        self._last_key_uses: dict[tuple[str, str, str], datetime] = {}

    def unit_of_work(self, context: AuditContext) -> SqlUnitOfWork:
        """Return a new unit of work, whose audit events come from `context`."""
        return SqlUnitOfWork(
            Transaction(self.engines),
            context,
            keys=self._keys,
            last_key_uses=self._last_key_uses,
            tell_event=self._tell_event,
        )

    def purge_expired(self, now: datetime, *, batch: int = 500) -> dict[str, int]:
        """Delete what is past its time, a batch at a time; return how many rows of each table.

        Raises:
            StoreUnavailableError: the database is away; what was purged so far stays purged.

        """
        return purge_expired(self.engines, now, audit_kept=self._audit_kept, batch=batch)

    def count(self, now: datetime) -> StoreCounts:
        """Count what an operator watches.

        Raises:
            StoreUnavailableError: the database is away.

        """
        return count_store(self.engines, now, audit_kept=self._audit_kept)

    def close(self) -> None:
        """Close every connection."""
        self.engines.dispose()
