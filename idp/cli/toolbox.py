"""What the commands share: settings, clock, database, keys - each made when first asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from idp.clock import Clock, SystemClock
from idp.settings import Settings, SettingsError, load_settings, name_operator

if TYPE_CHECKING:
    from idp.accounts.visit import Tools, Visit
    from idp.secret_values import SecretKeys
    from idp.store.audit import AuditContext
    from idp.store.database import Database
    from idp.store.unit_of_work import SqlUnitOfWork

_SQLITE_PREFIX = "sqlite:///"


class SettingsFault(click.ClickException):
    """The settings are wrong: exit code 2, every fault listed."""

    exit_code = 2

    def __init__(self, error: SettingsError) -> None:
        super().__init__(f"the settings have faults:\n{error}")


class Toolbox:
    """One run of the program."""

    def __init__(self, config: Path | None = None) -> None:
        self.config = config
        self.console = Console(highlight=False)
        self._is_schema_checked = False

    @cached_property
    def clock(self) -> Clock:
        """The machine's clock."""
        return SystemClock()

    @cached_property
    def settings(self) -> Settings:
        """The settings, or exit with code 2 and every fault."""
        try:
            return load_settings(self.config)
        except SettingsError as error:
            raise SettingsFault(error) from error

    @cached_property
    def secret_keys(self) -> "SecretKeys":
        """The master keys."""
        from idp.app.secrets import build_secret_keys

        return build_secret_keys(self.settings)

    @cached_property
    def iban_keys(self) -> "SecretKeys":
        """The keys of the IBANs' digests."""
        from idp.app.secrets import build_iban_keys

        return build_iban_keys(self.settings)

    @cached_property
    def database(self) -> "Database":
        """The database, not upgraded; or exit with code 2 where its address is none."""
        from idp.app.storage import open_database

        try:
            return open_database(self.settings)
        except ValueError as error:
            raise SettingsFault(SettingsError([f"database.url: {error}"])) from error

    @cached_property
    def tools(self) -> "Tools":
        """What the accounts room works with."""
        from idp.app.accounts import build_tools

        return build_tools(self.settings, self.secret_keys)

    @property
    def audit_context(self) -> "AuditContext":
        """Where this run's audit events come from: the operator."""
        from idp.store.audit import AuditContext

        return AuditContext(clock=self.clock, operator=name_operator())

    @contextmanager
    def unit_of_work(self) -> Iterator["SqlUnitOfWork"]:
        """One transaction in the operator's name: committed at the end, undone on an exception.

        Raises:
            MigrationNeededError: the schema is not today's.

        """
        self._check_schema()
        with self.database.unit_of_work(self.audit_context) as unit:
            yield unit
            unit.commit()

    @contextmanager
    def visit(self) -> Iterator["Visit"]:
        """The administrator's visit to the accounts room: a unit of work, at this moment."""
        from idp.accounts.visit import Visit

        with self.unit_of_work() as unit:
            yield Visit(tools=self.tools, uow=unit, now=self.clock.now())

    @property
    def sqlite_file(self) -> Path | None:
        """The file of a SQLite database: to look for it, opening one would make it."""
        url = self.settings.database.url.get_secret_value()
        path = url.removeprefix(_SQLITE_PREFIX).partition("?")[0]
        return Path(path).absolute() if url.startswith(_SQLITE_PREFIX) else None

    def find_schema_fault(self) -> str | None:
        """Say what is wrong with the schema, if anything; makes no database where there is none."""
        from idp.store.migrations import check

        file = self.sqlite_file
        if file and not file.exists():
            return f"there is no database {file}: another folder or --config? Else: idp db upgrade"
        return check(self.database.engines)

    def _check_schema(self) -> None:
        from idp.store.errors import MigrationNeededError

        if not self._is_schema_checked:
            if complaint := self.find_schema_fault():
                raise MigrationNeededError(complaint)
            self._is_schema_checked = True

    def close(self) -> None:
        """Give back what was opened."""
        if "database" in self.__dict__:
            self.database.close()
