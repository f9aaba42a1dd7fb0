"""Real services for every test: databases, Redis, a mail server, a browser, child processes.

A service is started when a test first asks for it, on a free port of 127.0.0.1, and ended after.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Protocol, Unpack

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.support.chromium import launch_chromium, opening_pages
from tests.support.compiled_once import compile_once
from tests.support.databases import KINDS, Databases, Kind, SqliteFiles
from tests.support.memory import make_memory_folder
from tests.support.postgresql import PostgresqlServer
from tests.support.processes import Process, ProcessOptions
from tests.support.redis_server import RedisServer
from tests.support.smtp_server import SmtpServer

# Other programs share the machine's cores: how long one example took says nothing.
settings.register_profile("shared-machine", deadline=None, print_blob=True)
settings.load_profile("shared-machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let one choose on which databases the tests run."""
    parser.addoption(
        "--databases",
        default=",".join(KINDS),
        help="kinds, by commas (default: %(default)s)",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks for a database once on each kind."""
    if "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", chosen_kinds(metafunc.config))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what asks for PostgreSQL itself where it was not chosen."""
    if "postgresql" in chosen_kinds(config):
        return
    left_out = [item for item in items if "postgresql_server" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def chosen_kinds(config: pytest.Config) -> list[Kind]:
    """Return the kinds of database named by --databases."""
    named = config.getoption("--databases").split(",")
    if unknown := set(named) - set(KINDS):
        raise pytest.UsageError(f"--databases: {', '.join(unknown)} is none of {', '.join(KINDS)}")
    return [kind for kind in KINDS if kind in named]


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Compile templates and routes for the first application alone."""
    with pytest.MonkeyPatch.context() as patch:
        compile_once(patch)
        yield


def upgrade_schema(url: str) -> None:
    """Bring the database at this address to today's schema."""
    from idp.store.migrations import upgrade  # noqa: PLC0415 - tests of other rooms need no store

    upgrade(url)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """A PostgreSQL server; tests that stop it make one of their own."""
    server = PostgresqlServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def sqlite_databases() -> Iterator[Databases]:
    """A maker of SQLite databases."""
    folder = make_memory_folder("sqlite-")
    yield Databases(SqliteFiles(folder), upgrade_schema)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_server: PostgresqlServer) -> Databases:
    """A maker of PostgreSQL databases."""
    return Databases(postgresql_server, upgrade_schema)


@pytest.fixture
def databases(database_kind: Kind, request: pytest.FixtureRequest) -> Databases:
    """A maker of databases of each kind in turn."""
    made: Databases = request.getfixturevalue(f"{database_kind}_databases")
    return made


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """The address of a database without a table, on each kind in turn."""
    name = databases.create_empty()
    yield databases.url(name)
    databases.drop(name)


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """The address of a database with today's schema and no row, on each kind in turn."""
    name = databases.create_migrated()
    yield databases.url(name)
    databases.drop(name)


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis server of this test alone."""
    server = RedisServer(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A mail server of this test alone, without TLS or credentials."""
    server = SmtpServer()
    yield server
    server.stop()


class StartProcess(Protocol):
    """What the fixture `start_process` gives: `Process`, with its log chosen."""

    def __call__(self, command: Sequence[str | Path], **options: Unpack[ProcessOptions]) -> Process:
        """Start a program that is ended with the test."""
        ...


@pytest.fixture
def start_process(tmp_path: Path) -> Iterator[StartProcess]:
    """A function that starts programs; they end with the test, their logs lie in its folder."""
    numbers = count(1)
    with ExitStack() as started:

        def start(command: Sequence[str | Path], **options: Unpack[ProcessOptions]) -> Process:
            log = tmp_path / f"process-{next(numbers)}.log"
            return started.enter_context(Process(command, log=log, **options))

        yield start


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright; a test that needs special arguments launches a Chromium of its own with it."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A headless Chromium: its shell, which suffices for almost every page."""
    browser = launch_chromium(playwright)
    yield browser
    browser.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """A function that opens an empty page in a browser profile of its own, speaking French.

    It takes the options of Playwright's `new_context` (java_script_enabled, viewport ...).
    """
    with opening_pages(browser) as open_one:
        yield open_one
