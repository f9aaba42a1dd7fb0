"""Who may import whom, and what is done in one place alone: read from the syntax trees of idp/."""

import sys

import pytest

from tests.support.syntax_tree import (
    calls_on_import,
    imported_modules,
    is_within,
    line_count,
    parse,
    python_files,
    used_names,
)

IDP_FILES = python_files("idp")
TEST_FILES = python_files("tests")

# What each room imports of idp besides itself. Whatever is not named here (app/, cli/) may
# import everything, and is imported by nobody.
BASICS = {"audit_events", "clock", "durations", "secret_values"}
DECISIONS = {"accounts", "protocol", "signing"}
MAY_IMPORT: dict[str, set[str]] = {
    "audit_events": set(),
    "clock": set(),
    "durations": set(),
    "secret_values": set(),
    "settings": {"durations"},
    "accounts": BASICS,
    "signing": BASICS,
    "protocol": BASICS | {"signing"},
    "web": BASICS | DECISIONS | {"settings"},
    "store": BASICS | DECISIONS | {"outbound.ports"},
    "outbound": BASICS | DECISIONS,
    "demo": BASICS,
}

# What the rooms that only decide import of others' libraries besides the standard library.
LIBRARIES = {
    "accounts": {"argon2", "nacl", "stdnum", "email_validator"},
    "signing": {"joserfc", "cryptography"},
}

# Which places alone import these libraries (demo/ is a relying party on Authlib's client).
IMPORTERS = {
    "sqlalchemy": ("idp/store/",),
    "alembic": ("idp/store/",),
    "authlib": ("idp/protocol/", "idp/demo/"),
    "flask": (
        "idp/web/",
        "idp/__init__.py",
        "idp/app/",
        "idp/cli/",
        "idp/demo/",
        "idp/protocol/server.py",
    ),
}

# Which file alone uses these: what the others need of them, it gives.
USERS = {
    "idp/clock.py": [
        "time.time",
        "time.time_ns",
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "datetime.date.today",
        "sqlalchemy.func.now",
    ],
    "idp/settings/environment.py": ["os.environ", "os.getenv"],
    "idp/secret_values.py": ["secrets", "random", "hashlib", "hmac", "os.urandom", "uuid.uuid4"],
}

# What no import may build: it is built when the application is, with its settings.
BUILT_LATER = [
    "authlib.integrations.flask_oauth2.AuthorizationServer",
    "flask.Flask",
    "flask_limiter.Limiter",
    "granian",
    "httpx.Client",
    "redis",
    "sqlalchemy.create_engine",
    "threading",
]

# What no test uses: it skips, pretends, or waits for a time instead of a condition.
UNUSED_IN_TESTS = [
    "pytest.mark.skip",
    "pytest.mark.skipif",
    "pytest.mark.xfail",
    "pytest.skip",
    "pytest.xfail",
    "time.sleep",
    "unittest.mock",
]
MAY_SLEEP = "tests/support/network.py"

# Files of idp/ over 200 lines, each with the reason why it is not two.
LONG_FILES = {
    "idp/accounts/ports.py": "every door of the room in one page, mostly docstrings",
    "idp/protocol/ports.py": "the same for the protocol",
    "idp/settings/sections.py": "every setting in one page",
    "idp/store/tables.py": "every table in one page",
}


def room_of(path: str) -> str:
    """Return the room of idp/ that a file belongs to: "web", or "clock" for clock.py."""
    return path.split("/")[1].removesuffix(".py")


@pytest.mark.parametrize("path", IDP_FILES)
def test_room_imports_what_it_may(path: str) -> None:
    """A file imports of idp only its own room and those that its room may know."""
    room = room_of(path)
    if room not in MAY_IMPORT:
        return
    allowed = [f"idp.{name}" for name in MAY_IMPORT[room] | {room}]
    assert [
        name
        for name in imported_modules(parse(path))
        if is_within(name, "idp") and not any(is_within(name, other) for other in allowed)
    ] == []


@pytest.mark.parametrize("path", [path for path in IDP_FILES if room_of(path) in LIBRARIES])
def test_deciding_room_stands_on_few_libraries(path: str) -> None:
    """accounts/ and signing/ import the standard library and the few libraries named."""
    roots = {name.split(".")[0] for name in imported_modules(parse(path))}
    assert roots - sys.stdlib_module_names - {"idp"} <= LIBRARIES[room_of(path)]


@pytest.mark.parametrize("library", IMPORTERS)
def test_library_is_imported_in_its_place_alone(library: str) -> None:
    """A library that a room owns is imported by nobody else."""
    strangers = [path for path in IDP_FILES if not path.startswith(IMPORTERS[library])]
    assert [
        f"{path} imports {name}"
        for path in strangers
        for name in imported_modules(parse(path))
        if is_within(name, library)
    ] == []


@pytest.mark.parametrize("owner", USERS)
def test_done_in_one_file_alone(owner: str) -> None:
    """The time of day, the environment and random values each come from one file."""
    others = [path for path in IDP_FILES if path != owner]
    assert uses(others, USERS[owner]) == []


def test_import_builds_nothing() -> None:
    """Importing a file builds no application, engine, server, limiter, client or thread."""
    assert [
        f"{path}:{line} builds {name}"
        for path in IDP_FILES
        for line, name in calls_on_import(parse(path))
        if any(is_within(name, built) for built in BUILT_LATER)
    ] == []


def test_no_test_skips_pretends_or_sleeps() -> None:
    """Tests neither skip nor expect failure, use no mocks, and wait for conditions."""
    others = [path for path in TEST_FILES if path != MAY_SLEEP]
    assert uses(others, UNUSED_IN_TESTS) == []


def uses(paths: list[str], forbidden: list[str]) -> list[str]:
    """Return where these files use something forbidden, as "file:line uses name"."""
    return [
        f"{path}:{line} uses {name}"
        for path in paths
        for line, name in used_names(parse(path))
        if any(is_within(name, other) for other in forbidden)
    ]


def test_long_file_has_a_reason() -> None:
    """A file of idp/ has 200 lines at most, or is named with its reason; no reason is stale."""
    assert {path for path in IDP_FILES if line_count(path) > 200} == set(LONG_FILES)
