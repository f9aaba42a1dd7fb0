"""Whatever is sent to whichever route, the answer is one of ours: never a 5xx but a timed 503."""

import re
from urllib.parse import urlsplit

from hypothesis import HealthCheck, given, settings
from werkzeug.test import TestResponse

from tests.flows.fuzz.conftest import SITE
from tests.flows.fuzz.seeds import Request
from tests.flows.fuzz.sender import Sender
from tests.flows.fuzz.spoil import random_requests, spoilt_requests
from tests.support.protocol_house import ISSUER
from tests.support.provider import Provider
from tests.support.provider_fixtures import CLIENTS

REGISTERED = {
    uri
    for client in (*CLIENTS, SITE)
    for uri in (
        *client.redirect_uris,
        *client.post_logout_redirect_uris,
        client.initiate_login_uri,
    )
}
NATIVE_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/callback")
"""A native client's port floats (RFC 8252 7.3)."""

bounded = settings(max_examples=250, suppress_health_check=list(HealthCheck), derandomize=True)


def test_spoilt_requests(seeds: list[Request], sender: Sender) -> None:
    """Good requests, spoilt in a few places."""

    @bounded
    @given(spoilt_requests(seeds))
    def try_one(request: Request) -> None:
        check(sender.send(request))

    try_one()


def test_nonsense(provider: Provider, seeds: list[Request], sender: Sender) -> None:
    """Any method at any route, with anything."""
    rules = provider.running.app.url_map.iter_rules()
    routes = sorted({(method, rule.rule) for rule in rules for method in rule.methods or ()})
    names = sorted({name for seed in seeds for name, _ in (*seed.query, *seed.form)})

    @bounded
    @given(random_requests(routes, names))
    def try_one(request: Request) -> None:
        check(sender.send(request))

    try_one()


def check(answer: TestResponse) -> None:
    """Hold an answer to what every answer must be."""
    is_timed = answer.status_code == 503 and "Retry-After" in answer.headers
    assert answer.status_code < 500 or is_timed, answer.text
    if location := answer.headers.get("Location"):
        assert leads_to_a_known_place(location), location


def leads_to_a_known_place(location: str) -> bool:
    """Say whether a redirect stays here, or goes to an address that a client registered."""
    address = urlsplit(location)._replace(query="").geturl()
    if address.startswith(("/", f"{ISSUER}/")):
        return not address.startswith("//")
    return address in REGISTERED or NATIVE_ADDRESS.fullmatch(address) is not None
