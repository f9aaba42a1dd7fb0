"""A whole sign-in over HTTP: request, code, tokens, claims."""

from datetime import timedelta

import pytest

from idp.secret_values import random_token
from tests.support.protocol_house import (
    ISSUER,
    REDIRECT_URI,
    SUB,
    authorization_parameters,
    read_claims,
    read_query,
)
from tests.support.provider_app import Browser, ProviderApp


def test_silent_sign_in(signed_in: Browser) -> None:
    """A browser with a session gets its site a code, tokens and claims, asking nothing."""
    answer = signed_in.authorize(scope="openid email", nonce="n-1")
    told = read_query(answer.location)
    assert (answer.status_code, told["state"], told["iss"]) == (303, "state-1", ISSUER)
    tokens = signed_in.redeem(told["code"]).get_json()
    claims = signed_in.userinfo(tokens["access_token"]).get_json()
    assert claims == {"sub": SUB, "email": "cabinet@orange.example", "email_verified": True}
    id_token = read_claims(tokens["id_token"])
    assert (id_token["sub"], id_token["nonce"]) == (SUB, "n-1")


def test_stranger_is_led_to_the_login_page(browser: Browser) -> None:
    """Without a session the request waits, sealed, in the login page's address."""
    answer = browser.authorize()
    assert answer.status_code == 303
    assert answer.location.startswith("/connexion?request=")


def test_request_comes_back_from_login(provider: ProviderApp, browser: Browser) -> None:
    """After the login the dispatcher answers the sealed request."""
    sealed = read_query(browser.authorize().location)["request"]
    provider.sign_in(browser)
    answer = browser.get("/authorize", query_string={"request": sealed})
    assert answer.location.startswith(f"{REDIRECT_URI}?code=")


def test_posted_sealed_request_leads_nowhere(provider: ProviderApp, browser: Browser) -> None:
    """What comes back from a page of ours comes in the address: posted, it names no client."""
    sealed = read_query(browser.authorize().location)["request"]
    provider.sign_in(browser)
    assert browser.post("/authorize", data={"request": sealed}).status_code == 400


def test_post_is_sent_on_as_a_get(signed_in: Browser) -> None:
    """A cross-site POST carries no cookie: 303 to a GET that does (Core 3.1.2.1)."""
    sent_on = signed_in.post("/authorize", data=authorization_parameters())
    assert sent_on.status_code == 303
    assert sent_on.location.startswith("/authorize?request=")
    assert "code=" in signed_in.get(sent_on.location).location


def test_prompt_none_succeeds_after_a_first_party_login(signed_in: Browser) -> None:
    """Right after a login `prompt=none` is answered, no consent asked."""
    assert "code=" in signed_in.authorize(prompt="none").location


def test_prompt_none_without_session_is_told_to_the_site(browser: Browser) -> None:
    """Nobody is asked; the site hears login_required, with iss."""
    told = read_query(browser.authorize(prompt="none").location)
    assert (told["error"], told["iss"], told["state"]) == ("login_required", ISSUER, "state-1")


def test_long_state_and_nonce_come_back_intact(signed_in: Browser) -> None:
    """128 characters of state and nonce are not touched, in an error neither."""
    state, nonce = "s" * 112 + "~!*'() :/?&=+%;,", "n" * 128
    assert read_query(signed_in.authorize(state=state, scope="email").location)["state"] == state
    answer = signed_in.authorize(state=state, nonce=nonce)
    told = read_query(answer.location)
    tokens = signed_in.redeem(told["code"]).get_json()
    assert told["state"] == state
    assert read_claims(tokens["id_token"])["nonce"] == nonce


def test_max_age_asks_again_and_auth_time_is_later(
    provider: ProviderApp, signed_in: Browser
) -> None:
    """`max_age=1` after two seconds asks again; the new auth_time is later by as much."""
    first = read_claims(signed_in.get_tokens()["id_token"])
    provider.clock.advance(timedelta(seconds=2))
    asked = signed_in.authorize(max_age="1")
    assert asked.location.startswith("/connexion?")
    sealed = read_query(asked.location)["request"]
    request_id = provider.open_sealed(sealed).request_id
    provider.sign_in(signed_in, request_id=request_id)
    answer = signed_in.get("/authorize", query_string={"request": sealed})
    second = read_claims(
        signed_in.redeem(read_query(answer.location)["code"]).get_json()["id_token"]
    )
    assert second["auth_time"] == first["auth_time"] + 2


def test_longer_max_age_does_not_ask(provider: ProviderApp, signed_in: Browser) -> None:
    """A sign-in young enough is used, with the auth_time it had."""
    first = read_claims(signed_in.get_tokens()["id_token"])
    provider.clock.advance(timedelta(seconds=2))
    second = read_claims(signed_in.get_tokens(max_age="10000")["id_token"])
    assert second["auth_time"] == first["auth_time"]


def test_fresh_login_answers_once(provider: ProviderApp, browser: Browser) -> None:
    """`prompt=login`: the same sealed request from the history asks for the password again."""
    sealed = read_query(browser.authorize(prompt="login").location)["request"]
    provider.sign_in(browser, request_id=provider.open_sealed(sealed).request_id)
    first = browser.get("/authorize", query_string={"request": sealed})
    again = browser.get("/authorize", query_string={"request": sealed})
    assert "code=" in first.location
    assert again.location.startswith("/connexion?")


def test_prompt_create_opens_the_registration(browser: Browser) -> None:
    """`prompt=create` leads to Inscription."""
    assert browser.authorize(prompt="create").location.startswith("/inscription?request=")


def test_old_page_begins_again_at_its_site(provider: ProviderApp, browser: Browser) -> None:
    """A request over 30 minutes old goes to the site's own entry, which knows nothing of it."""
    sealed = read_query(browser.authorize().location)["request"]
    provider.clock.advance(timedelta(minutes=31))
    provider.sign_in(browser)
    answer = browser.get("/authorize", query_string={"request": sealed})
    assert answer.location == "https://site.example/login?iss=https%3A%2F%2Fconnexion.example"


def test_old_page_of_a_site_without_entry_is_answered(
    provider: ProviderApp, browser: Browser
) -> None:
    """Where the site has no entry, a request is answered for 24 hours."""
    sealed = read_query(browser.authorize(client_id="basic").location)["request"]
    provider.clock.advance(timedelta(hours=23))
    provider.sign_in(browser)
    answer = browser.get("/authorize", query_string={"request": sealed})
    assert "code=" in answer.location


@pytest.mark.parametrize("text", ["nonsense", "", "A" * 7000])
def test_altered_seal_is_a_page(browser: Browser, text: str) -> None:
    """A sealed request that is not ours is a 400 page."""
    answer = browser.get("/authorize", query_string={"request": text})
    assert (answer.status_code, answer.mimetype) == (400, "text/html")


def test_request_too_long_to_carry_is_told_to_the_site(browser: Browser) -> None:
    """What does not fit in 6 kB sealed is invalid_request."""
    told = read_query(browser.authorize(state=random_token(6000)).location)
    assert told["error"] == "invalid_request"


def test_disabled_client_record_is_seen_on_return(provider: ProviderApp, browser: Browser) -> None:
    """The record is checked again when a sealed request comes back."""
    sealed = read_query(browser.authorize().location)["request"]
    provider.change_client("site", redirect_uris=("https://site.example/elsewhere",))
    provider.sign_in(browser)
    assert browser.get("/authorize", query_string={"request": sealed}).status_code == 400
