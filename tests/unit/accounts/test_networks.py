"""Networks, as budgets count them."""

import pytest

from idp.accounts.networks import find_networks


@pytest.mark.parametrize(
    "address, names",
    [
        ("192.0.2.77", ["192.0.2.0/24"]),
        ("::ffff:192.0.2.77", ["192.0.2.0/24"]),
        ("2001:db8:1:2:3::4", ["2001:db8:1:2::/64", "2001:db8:1::/48"]),
        ("fe80::1%eth0", ["fe80::/64", "fe80::/48"]),
        ("", []),
        ("unix:", []),
    ],
)
def test_networks_of_an_address(address: str, names: list[str]) -> None:
    """IPv4 is counted by /24, IPv6 by /64 and by /48."""
    assert [network.name for network in find_networks(address)] == names


def test_a_48_has_ten_times_the_budget() -> None:
    """A subscriber may hold a whole /48: its budget is ten times as large, not unlimited."""
    assert [network.factor for network in find_networks("2001:db8::1")] == [1, 10]
