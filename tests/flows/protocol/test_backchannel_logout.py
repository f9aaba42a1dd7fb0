"""Back-channel logout between two sites: signed out at one, the other is told, however late."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from idp.outbound.delivery import Delivery
from idp.outbound.http_client import Answer, ExchangeError
from idp.outbound.logout_notices import LogoutNoticeHandler
from idp.outbound.ports import OutboxKind
from idp.outbound.retry import RetryPolicy
from idp.protocol.logout_token import LogoutTokens
from tests.support.protocol_house import SUB, read_claims
from tests.support.provider_app import Browser, ProviderApp

ADDRESSES = {"site": "https://site.example/backchannel", "third": "https://third.example/bye"}


@dataclass
class Sites:
    """The relying parties' servers: they keep the logout tokens they are sent, unless away."""

    received: dict[str, list[str]] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)

    def post_form(self, url: str, fields: dict[str, str]) -> Answer:
        """Take a notice."""
        if url in self.away:
            raise ExchangeError("unreachable")
        self.received.setdefault(url, []).append(fields["logout_token"])
        return Answer(200, b"")


@pytest.fixture
def sites(provider: ProviderApp) -> Sites:
    """Two sites that want to be told."""
    third = ADDRESSES["third"]
    provider.change_client("third", backchannel_logout_uri=third, is_first_party=True)
    return Sites()


@pytest.fixture
def lane(provider: ProviderApp, sites: Sites) -> Delivery:
    """What delivers the notices, as the worker does."""
    services = provider.built.services
    tokens = LogoutTokens(services.protocol.provider)
    return Delivery(
        OutboxKind.LOGOUT,
        LogoutNoticeHandler(services.clients.find, tokens, sites),
        open_unit=provider.built.open_unit,
        policy=RetryPolicy(lifetime=timedelta(days=1)),
        clock=provider.clock,
    )


def sign_in_to_both(browser: Browser) -> dict[str, str]:
    """Sign in to both sites; return the tokens of the first."""
    browser.get_tokens(client_id="third")
    return browser.get_tokens()


def leave(browser: Browser, tokens: dict[str, str]) -> None:
    """Sign out at the first site."""
    browser.get("/end_session", query_string={"id_token_hint": tokens["id_token"]})


def test_both_sites_are_told(signed_in: Browser, sites: Sites, lane: Delivery) -> None:
    """Each gets a token of its own for the same session, which our published keys verify."""
    tokens = sign_in_to_both(signed_in)
    sid = read_claims(tokens["id_token"])["sid"]
    leave(signed_in, tokens)
    assert lane.deliver_due() == 2
    keys = KeySet.import_key_set(signed_in.get("/jwks.json").get_json())
    for client_id, address in ADDRESSES.items():
        (token,) = sites.received[address]
        claims = jwt.decode(token, keys, algorithms=["RS256"]).claims
        assert (claims["aud"], claims["sub"], claims["sid"]) == (client_id, SUB, sid)


def test_site_that_was_away_gets_a_fresh_token(
    provider: ProviderApp, signed_in: Browser, sites: Sites, lane: Delivery
) -> None:
    """Down for an hour: it is told once it is back, with a token made then."""
    tokens = sign_in_to_both(signed_in)
    left_at = provider.clock.now()
    sites.away.add(ADDRESSES["third"])
    leave(signed_in, tokens)
    while provider.clock.now() < left_at + timedelta(hours=1):
        lane.deliver_due()
        provider.clock.advance(timedelta(minutes=5))
    assert ADDRESSES["third"] not in sites.received
    sites.away.clear()
    provider.clock.advance(timedelta(hours=1))
    lane.deliver_due()
    (token,) = sites.received[ADDRESSES["third"]]
    assert len(sites.received[ADDRESSES["site"]]) == 1
    assert issued_at(token) == provider.clock.now()


def test_site_is_told_only_of_sessions_it_took_part_in(
    signed_in: Browser, sites: Sites, lane: Delivery
) -> None:
    """Who got no token is told nothing, an unredeemed code included."""
    signed_in.get_code(client_id="third")
    leave(signed_in, signed_in.get_tokens())
    lane.deliver_due()
    assert list(sites.received) == [ADDRESSES["site"]]


def test_pairwise_site_is_told_of_its_own_subject(
    provider: ProviderApp, signed_in: Browser, sites: Sites, lane: Delivery
) -> None:
    """The sub of the notice is the one of its ID tokens."""
    provider.change_client("third", subject_type="pairwise")
    seen = read_claims(signed_in.get_tokens(client_id="third")["id_token"])["sub"]
    leave(signed_in, signed_in.get_tokens())
    lane.deliver_due()
    (token,) = sites.received[ADDRESSES["third"]]
    assert read_claims(token)["sub"] == seen != SUB


def issued_at(token: str) -> datetime:
    """Return when a token was issued."""
    return datetime.fromtimestamp(read_claims(token)["iat"]).astimezone()
