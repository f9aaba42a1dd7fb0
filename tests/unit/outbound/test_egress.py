"""Which addresses the provider may call (attack case C106)."""

import pytest

from idp.outbound.egress import EgressRefusedError, EgressRules, is_public

PUBLIC = EgressRules()
DEMO = EgressRules(may_use_loopback_http=True)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - nothing is bound
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
)
def test_private_address(address: str) -> None:
    """Loopback, private, link-local, shared, multicast, and what wraps one of them."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_public_address(address: str) -> None:
    """The public internet, through NAT64 too."""
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://client.example/logout",
        "file:///etc/passwd",
        "gopher://client.example/",
        "ftp://client.example/",
        "https:///logout",
        "https://user@client.example/",
        "https://client.example@127.0.0.1/",
        "//client.example/",
        "client.example",
        "",
    ],
)
def test_refused_by_its_spelling(url: str) -> None:
    """Anything but https to a named host."""
    with pytest.raises(EgressRefusedError):
        PUBLIC.check_url(url)


def test_loopback_http_is_for_the_demo() -> None:
    """Plain http goes to this very machine where the demo says so, and to no other."""
    DEMO.check_url("http://127.0.0.1:8001/notification")
    with pytest.raises(EgressRefusedError):
        PUBLIC.check_url("http://127.0.0.1:8001/notification")
    with pytest.raises(EgressRefusedError):
        DEMO.check_url("http://127.0.0.1.client.example/")


def test_private_host_is_allowed_by_name() -> None:
    """The operator names the hosts whose private addresses are meant, in any case of letters."""
    rules = EgressRules(allowed_private_hosts=frozenset({"site.internal"}))
    assert rules.may_call_private("Site.Internal")
    assert not rules.may_call_private("other.internal")
