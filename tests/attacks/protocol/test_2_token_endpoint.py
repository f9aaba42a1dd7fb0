"""Attack cases C20 to C2D: the token endpoint. One test a case."""

import gzip
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from idp.accounts.account import AccountState
from tests.support.crowd import do_at_once
from tests.support.protocol_house import SECRET, SUB, code_parameters, read_claims
from tests.support.provider_app import Browser, ProviderApp, build_settings
from tests.support.provider_fixtures import CLIENTS

PUBLIC = {"client_id": "app", "client_secret": ""}
FORM = "application/x-www-form-urlencoded"
PARALLEL = 50


@pytest.fixture
def limited(keys_folder: Path, database_url: str) -> Iterator[ProviderApp]:
    """A provider where a network may ask for tokens five times a minute."""
    limits = {"login": "", "authorize": "", "token": "5 per minute"}
    settings = build_settings(keys_folder, database_url, limits=limits)
    provider = ProviderApp.start(settings, *CLIENTS)
    yield provider
    provider.close()


def run_in_parallel(provider: ProviderApp, act: Callable[[Browser], TestResponse]) -> list[int]:
    """Act fifty times at once, each time from a browser of its own; return the statuses."""
    browsers = [provider.open_browser() for _ in range(PARALLEL)]
    with ThreadPoolExecutor(PARALLEL) as threads:
        return [answer.status_code for answer in threads.map(act, browsers)]


def test_c20_replay_of_a_code(signed_in: Browser) -> None:
    """C20: a valid replay is refused, and every token given for the code dies."""
    code = signed_in.get_code()
    tokens = signed_in.redeem(code).get_json()
    assert signed_in.redeem(code).get_json()["error"] == "invalid_grant"
    assert signed_in.introspect(tokens["access_token"]) == {"active": False}
    assert signed_in.userinfo(tokens["access_token"]).status_code == 401
    assert signed_in.refresh(tokens["refresh_token"]).get_json()["error"] == "invalid_grant"


def test_c22_parallel_redemptions(provider: ProviderApp, signed_in: Browser) -> None:
    """C22: of fifty redemptions at once exactly one succeeds, and its family is dead after."""
    code = signed_in.get_code()
    statuses = run_in_parallel(provider, lambda browser: browser.redeem(code))
    assert Counter(statuses) == {200: 1, 400: PARALLEL - 1}
    with provider.built.open_unit() as unit:
        grant = unit.grants.find(code.partition(".")[0])
    assert grant is not None
    assert grant.code_used_at is not None
    assert grant.revoked_at is not None


def test_c22_parallel_refreshes(provider: ProviderApp, signed_in: Browser) -> None:
    """C22 for refresh tokens: one rotation, and the family is dead after."""
    token = signed_in.get_tokens()["refresh_token"]
    statuses = run_in_parallel(provider, lambda browser: browser.refresh(token))
    assert Counter(statuses) == {200: 1, 400: PARALLEL - 1}
    with provider.built.open_unit() as unit:
        grant = unit.grants.find(token.partition(".")[0])
    assert grant is not None
    assert (grant.refresh_generation, grant.revoked_at is not None) == (2, True)


def test_c27_refused_scopes_beside_a_refresh(provider: ProviderApp, signed_in: Browser) -> None:
    """C27: who asks for too much at the same moment spoils nothing for who does not."""
    token = signed_in.get_tokens()["refresh_token"]
    for _ in range(5):
        browsers = [provider.open_browser() for _ in range(8)]
        refused = [partial(browser.refresh, token, scope="openid finess") for browser in browsers]
        answers = do_at_once([*refused[:4], partial(signed_in.refresh, token), *refused[4:]])
        assert [answer.status_code for answer in answers] == [*[400] * 4, 200, *[400] * 4]
        token = answers[4].get_json()["refresh_token"]


def test_c23_code_of_another_client(signed_in: Browser) -> None:
    """C23: unknown to the other client, and left for its own."""
    code = signed_in.get_code()
    assert signed_in.redeem(code, client_id="third").get_json()["error"] == "invalid_grant"
    assert signed_in.redeem(code).status_code == 200


def test_c24_late_code_and_other_redirect_uri(provider: ProviderApp, signed_in: Browser) -> None:
    """C24: good at 59 s and not at 61; the redirect URI must be the one of the request."""
    in_time, late, elsewhere = (signed_in.get_code() for _ in range(3))
    moved = signed_in.redeem(elsewhere, redirect_uri="https://site.example/other")
    assert moved.get_json()["error"] == "invalid_grant"
    provider.clock.advance(timedelta(seconds=59))
    assert signed_in.redeem(in_time).status_code == 200
    provider.clock.advance(timedelta(seconds=2))
    assert signed_in.redeem(late).get_json()["error"] == "invalid_grant"


def test_c25_reuse_of_a_refresh_token(signed_in: Browser) -> None:
    """C25: an old token after the rotation kills the whole family."""
    first = signed_in.get_tokens()
    second = signed_in.refresh(first["refresh_token"]).get_json()
    assert signed_in.refresh(first["refresh_token"]).get_json()["error"] == "invalid_grant"
    assert signed_in.refresh(second["refresh_token"]).get_json()["error"] == "invalid_grant"
    assert signed_in.userinfo(second["access_token"]).status_code == 401


def test_c27_refreshes_that_must_fail(provider: ProviderApp, signed_in: Browser) -> None:
    """C27: by another client, for more, past the end, after sign-out or disabling."""
    token = signed_in.get_tokens()["refresh_token"]
    assert signed_in.refresh(token, client_id="third").get_json()["error"] == "invalid_grant"
    assert signed_in.refresh(token, scope="openid finess").get_json()["error"] == "invalid_scope"
    for _ in range(12):
        provider.clock.advance(timedelta(minutes=59))
        token = signed_in.refresh(token).get_json()["refresh_token"]
    provider.clock.advance(timedelta(minutes=13))
    assert signed_in.refresh(token).get_json()["error"] == "invalid_grant"

    left = provider.open_browser()
    provider.sign_in(left)
    tokens = left.get_tokens()
    left.get("/end_session", query_string={"id_token_hint": tokens["id_token"]})
    assert left.refresh(tokens["refresh_token"]).get_json()["error"] == "invalid_grant"

    disabled = provider.open_browser()
    provider.sign_in(disabled)
    token = disabled.get_tokens()["refresh_token"]
    provider.set_account_state(SUB, AccountState.DISABLED)
    assert disabled.refresh(token).get_json()["error"] == "invalid_grant"


def test_c28_other_grant_types(signed_in: Browser) -> None:
    """C28: no passwords, no implicit flow, no client credentials."""
    for grant_type in ("password", "implicit", "client_credentials"):
        answer = signed_in.redeem("x", grant_type=grant_type, username="a", password="b")
        assert answer.get_json()["error"] in {"unauthorized_client", "unsupported_grant_type"}


def test_c29_wrong_content(browser: Browser) -> None:
    """C29: a form in the body, its parameters once, and nothing in the address."""
    good = code_parameters("x")
    text = urlencode(good)
    for answer in (
        browser.post("/token", json=good),
        browser.post("/token", data=good, content_type="multipart/form-data"),
        browser.post("/token", data=text, content_type="text/plain"),
        browser.post("/token", data=text),
        browser.post("/token", data=text, content_type=f"{FORM}; charset=utf-16"),
        browser.post(f"/token?{text}", data={}),
        browser.post("/token", data=f"{text}&grant_type=refresh_token", content_type=FORM),
    ):
        assert answer.status_code in {400, 415}
        assert answer.get_json()["error"] == "invalid_request"
    assert browser.get("/token").status_code == 405


def test_c2b_guessing_client_secrets(limited: ProviderApp) -> None:
    """C2B: unknown client and wrong secret look the same; guessing stops one network alone.

    Secrets are 256 bits and compared as digests, whose first difference says nothing about them.
    """
    guesser = limited.open_browser()
    almost = [
        guesser.redeem("x", client_id=client_id, client_secret=secret)
        for client_id, secret in (
            ("site", "X" + SECRET[1:]),
            ("site", SECRET[:-1] + "X"),
            ("nobody", SECRET),
        )
    ]
    assert len({(answer.status_code, answer.text) for answer in almost}) == 1
    blocked = [guesser.redeem("x", client_secret=str(i)).status_code for i in range(3)]
    assert blocked[-1] == 429
    site = limited.open_browser()
    limited.sign_in(site)
    site.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert site.get_tokens()["token_type"] == "Bearer"


def test_c2d_heavy_bodies(browser: Browser) -> None:
    """C2D: ten megabytes, a hundred thousand fields, a bomb, no length: refused at once."""
    heavy = browser.post("/token", data="a=" + "x" * 10_000_000, content_type=FORM)
    many = browser.post(
        "/token", data="&".join(f"{i}=1" for i in range(100_000)), content_type=FORM
    )
    bomb = browser.post(
        "/token",
        data=gzip.compress(b"x" * 10_000_000),
        content_type=FORM,
        headers={"Content-Encoding": "gzip"},
    )
    chunked = browser.post(
        "/token",
        content_type=FORM,
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"CONTENT_LENGTH": "", "wsgi.input_terminated": True},
    )
    assert (heavy.status_code, many.status_code) == (413, 413)
    assert bomb.status_code in {400, 413}
    assert chunked.status_code == 411


def test_tokens_of_one_tab_survive_the_replay_of_another(signed_in: Browser) -> None:
    """One grant a code: a replay kills that code's tokens alone."""
    replayed, other = signed_in.get_code(), signed_in.get_tokens()
    signed_in.redeem(replayed)
    signed_in.redeem(replayed)
    assert signed_in.userinfo(other["access_token"]).status_code == 200
    assert read_claims(other["id_token"])["sub"] == SUB
