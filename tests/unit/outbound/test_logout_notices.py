"""Telling clients that a session ended (OpenID Connect Back-Channel Logout 1.0)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from idp.outbound.failures import DeferredError, RefusedError
from idp.outbound.http_client import Answer, ExchangeError
from idp.outbound.logout_notices import LogoutNoticeHandler
from idp.outbound.ports import OutboxItem, OutboxKind
from idp.protocol.client import Client
from tests.unit.outbound.fakes import NOW, make_item

CLIENT = Client(
    client_id="site",
    name="Site",
    redirect_uris=("https://site.example/cb",),
    backchannel_logout_uri="https://site.example/logout",
)


class Site:
    """A site as the HTTP client sees it."""

    def __init__(self) -> None:
        self.client: Client | None = CLIENT
        self.status = 200
        self.is_away = False
        self.posts: list[tuple[str, dict[str, str]]] = []
        self.handler = LogoutNoticeHandler(lambda _id: self.client, sign, self)

    def post_form(self, url: str, fields: dict[str, str]) -> Answer:
        """Take a post, or be away."""
        self.posts.append((url, fields))
        if self.is_away:
            raise ExchangeError("ConnectError: refused")
        return Answer(self.status, b"")


def sign(client: Client, *, sub: str, sid: str, now: datetime) -> str:
    """Return something that shows what a logout token would say."""
    return f"{client.client_id} {sub} {sid} {now:%H:%M}"


@pytest.fixture
def site() -> Site:
    """A site that takes notices."""
    return Site()


@pytest.fixture
def notice() -> OutboxItem:
    """The notice of one session's end."""
    parameters = {"sub": "subject", "sid": "session"}
    return make_item(kind=OutboxKind.LOGOUT, recipient="site", parameters=parameters)


@pytest.mark.parametrize("status", [200, 204])
def test_notice_is_posted(status: int, site: Site, notice: OutboxItem) -> None:
    """The token goes to the registered address, as section 2.5 says; 204 is as good as 200."""
    site.status = status
    site.handler.deliver(notice, NOW)
    assert site.posts == [
        ("https://site.example/logout", {"logout_token": "site subject session 09:30"})
    ]


def test_token_is_fresh_at_each_try(site: Site, notice: OutboxItem) -> None:
    """A client away for an hour gets a token of now: the first one died after two minutes."""
    site.is_away = True
    with pytest.raises(DeferredError):
        site.handler.deliver(notice, NOW)
    site.is_away = False
    site.handler.deliver(notice, NOW + timedelta(hours=1))
    assert site.posts[-1][1] == {"logout_token": "site subject session 10:30"}


@pytest.mark.parametrize("status", [302, 400, 404, 500, 501, 504])
def test_refusal_is_tried_again(status: int, site: Site, notice: OutboxItem) -> None:
    """A client that is mended within a day hears of the sign-out all the same."""
    site.status = status
    with pytest.raises(DeferredError, match=str(status)):
        site.handler.deliver(notice, NOW)


def test_silent_client_is_left_alone_for_a_while(site: Site, notice: OutboxItem) -> None:
    """Its other notices do not each wait for the same time-out."""
    site.is_away = True
    for _ in range(5):
        with pytest.raises(DeferredError):
            site.handler.deliver(notice, NOW)
    assert len(site.posts) == 1
    with pytest.raises(DeferredError):
        site.handler.deliver(notice, NOW + timedelta(seconds=30))
    assert len(site.posts) == 2


@pytest.mark.parametrize("client", [None, replace(CLIENT, backchannel_logout_uri=None)])
def test_client_that_wants_no_notice(client: Client | None, site: Site, notice: OutboxItem) -> None:
    """A client removed, or without address since, ends the notice."""
    site.client = client
    with pytest.raises(RefusedError):
        site.handler.deliver(notice, NOW)
