"""A PostgreSQL standby takes over: the node finds it by itself, and what was granted holds."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.conftest import upgrade_schema
from tests.operations.conftest import OpenDoor
from tests.operations.installation import Installation, name_practitioner
from tests.operations.people import Browser, Practitioner, come_back
from tests.operations.standby import Standby
from tests.support.network import LOOPBACK, wait_until
from tests.support.postgresql import PostgresqlServer

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def primary() -> Iterator[PostgresqlServer]:
    """A PostgreSQL server that the test may kill."""
    with closing(PostgresqlServer(is_durable=True)) as server:
        yield server


@pytest.fixture
def standby(primary: PostgresqlServer) -> Iterator[Standby]:
    """A standby of it."""
    with closing(Standby(primary)) as standby:
        yield standby


def test_standby_takes_over(
    installation: Installation, primary: PostgresqlServer, standby: Standby, open_door: OpenDoor
) -> None:
    """The primary is killed: 503 until the standby is promoted, then sessions and tokens go on."""
    database = primary.create_database()
    upgrade_schema(primary.url(database))
    hosts = "&".join(f"host={LOOPBACK}:{server.port}" for server in (primary, standby))
    url = f"postgresql+psycopg://idp@/{database}?{hosts}&target_session_attrs=read-write"
    installation = installation.with_tables(database={"url": url})
    installation.write_settings()
    installation.register_site()
    installation.add_practitioners(range(1), have_accounts=True)
    node = installation.serve()
    person = Practitioner(name_practitioner(0), Browser([open_door(node)], come_back))
    person.sign_in()
    sub = person.read_claims()
    wait_until(lambda: standby.count("grants", database) == 1)
    primary.kill()
    assert node.ask("GET", "/readyz").status == 503
    standby.promote()
    wait_until(node.is_ready)
    person.refresh()
    assert person.read_claims() == sub
    person.sign_in_again()
