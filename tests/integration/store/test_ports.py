"""One unit of work serves three rooms."""

import pytest

from idp.accounts import ports as accounts_ports
from idp.outbound import ports as outbound_ports
from idp.protocol import ports as protocol_ports
from idp.store.unit_of_work import SqlUnitOfWork

Ports = tuple[accounts_ports.UnitOfWork, protocol_ports.UnitOfWork, outbound_ports.UnitOfWork]


def serve(unit: SqlUnitOfWork) -> Ports:
    """Give one unit to each room: mypy compares every method's signature with its port."""
    return unit, unit, unit


@pytest.mark.parametrize(
    "port", [accounts_ports.UnitOfWork, protocol_ports.UnitOfWork, outbound_ports.UnitOfWork]
)
def test_it_has_every_repository_of_the_port(unit: SqlUnitOfWork, port: type) -> None:
    """And each is made without a statement."""
    names = [name for name in vars(port) if not name.startswith("_")]
    assert [name for name in names if not hasattr(serve(unit)[0], name)] == []
