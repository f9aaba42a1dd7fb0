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
    from idp.secret_values import SecretKeys
    from idp.signing.live_keys import LiveKeys
    from idp.store.database import Database
    from idp.store.unit_of_work import SqlUnitOfWork


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
        from idp.app.parts import build_secret_keys

        return build_secret_keys(self.settings)

    @cached_property
    def database(self) -> "Database":
        """The database, not upgraded."""
        from idp.app.parts import open_database

        return open_database(self.settings, self.secret_keys)

    @cached_property
    def live_keys(self) -> "LiveKeys":
        """The signing keys, faults and all."""
        from idp.app.parts import open_keys

        return open_keys(self.settings, self.clock)

    @contextmanager
    def unit_of_work(self) -> Iterator["SqlUnitOfWork"]:
        """One transaction in the operator's name: committed at the end, undone on an exception."""
        from idp.store.unit_of_work import AuditContext

        unit = self.database.unit_of_work(
            AuditContext(operator=name_operator(), now=self.clock.now)
        )
        try:
            yield unit
            unit.commit()
        except BaseException:
            unit.rollback()
            raise
        finally:
            unit.close()

    def close(self) -> None:
        """Give back what was opened."""
        if "database" in self.__dict__:
            self.database.close()
