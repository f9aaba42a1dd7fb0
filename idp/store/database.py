"""A database: its engines, and units of work over them."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url

from idp.secret_values import SecretKeys
from idp.store.audit import AuditContext
from idp.store.engines import EngineOptions, make_engines
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
    ) -> None:
        """Take a sqlite:/// or postgresql:// address; `keys` seal what waits in the outbox.

        Raises:
            UnsafeFileError: the SQLite file is open to others on this machine.

        """
        self.url = make_url(url)
        if self.url.get_backend_name() == "sqlite":
            prepare_database_file(Path(self.url.database or ""))
        self.engines = make_engines(
            self.url,
            EngineOptions(
                pool_size=pool_size,
                statement_timeout=statement_timeout,
                lock_timeout=lock_timeout,
            ),
        )
        self._keys = keys
        self._last_key_uses: dict[tuple[str, str, str], datetime] = {}

    def unit_of_work(self, context: AuditContext) -> SqlUnitOfWork:
        """Return a new unit of work, whose audit events come from `context`."""
        return SqlUnitOfWork(
            Transaction(self.engines), context, keys=self._keys, last_key_uses=self._last_key_uses
        )

    def close(self) -> None:
        """Close every connection."""
        self.engines.dispose()
