"""The administrator's program over a database with today's schema, on each kind in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.admin_program import AdminProgram, write_settings


@pytest.fixture
def admin(database_url: str, tmp_path: Path) -> Iterator[AdminProgram]:
    """The program over an empty directory."""
    config = tmp_path / "settings.toml"
    write_settings(config, database_url)
    program = AdminProgram(config)
    yield program
    program.toolbox.close()
