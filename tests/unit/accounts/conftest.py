"""What the tests of the accounts room share."""

import pytest

from tests.support.accounts_house import AccountsHouse


@pytest.fixture
def house() -> AccountsHouse:
    """A room whose directory holds one practitioner, without an account."""
    return AccountsHouse()
