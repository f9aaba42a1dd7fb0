"""Logout over HTTP: by the site with proof, by the practitioner, and how the others are told."""

from datetime import timedelta

from werkzeug.test import TestResponse

from idp.outbound.ports import OutboxKind, OutboxState
from idp.protocol.logout_token import LogoutTokens
from tests.support.forms import FormReader
from tests.support.protocol_house import (
    ISSUER,
    SUB,
    authorization_parameters,
    read_claims,
    read_header,
    read_query,
)
from tests.support.provider_app import Browser, ProviderApp

BYE = "https://site.example/bye"


def read_token(page: str) -> str:
    """Return the CSRF token of the page that asks."""
    return next(form.fields["csrf_token"] for form in FormReader(page).forms)


def is_signed_in(browser: Browser) -> bool:
    """Whether the browser's session lives."""
    return "code=" in browser.authorize(prompt="none").location


def end(browser: Browser, **parameters: str) -> TestResponse:
    """Open the logout endpoint."""
    return browser.get("/end_session", query_string=parameters)


def test_proved_request_ends_at_once(signed_in: Browser) -> None:
    """An ID token of this session and client needs no question; the state comes back (C47)."""
    hint = signed_in.get_tokens()["id_token"]
    answer = end(signed_in, id_token_hint=hint, post_logout_redirect_uri=BYE, state="s&1")
    assert (answer.status_code, answer.location) == (303, f"{BYE}?state=s%261")
    assert not is_signed_in(signed_in)


def test_expired_hint_of_this_session_is_proof(provider: ProviderApp, signed_in: Browser) -> None:
    """The RP's token is long expired when its practitioner leaves: that is no matter."""
    hint = signed_in.get_tokens()["id_token"]
    provider.clock.advance(timedelta(minutes=20))
    answer = end(signed_in, id_token_hint=hint, post_logout_redirect_uri=BYE)
    assert answer.location == BYE


def test_post_is_taken_too(signed_in: Browser) -> None:
    """A cross-site POST comes again as a GET, which sees the session."""
    hint = signed_in.get_tokens()["id_token"]
    sent_on = signed_in.post("/end_session", data={"id_token_hint": hint})
    assert sent_on.status_code == 303
    assert "Vous êtes déconnecté" in signed_in.get(sent_on.location).text
    assert not is_signed_in(signed_in)


def test_without_proof_the_practitioner_is_asked(signed_in: Browser) -> None:
    """No hint: a question, no redirect, the session lives (C48)."""
    asked = end(signed_in, client_id="site", post_logout_redirect_uri=BYE)
    assert asked.status_code == 200
    assert "logout-confirm" in asked.text
    assert is_signed_in(signed_in)


def test_confirming_ends_and_stays(signed_in: Browser) -> None:
    """After a yes without a hint the practitioner stays here, whatever the request wished."""
    asked = end(signed_in, client_id="site", post_logout_redirect_uri=BYE)
    form = {
        "csrf_token": read_token(asked.text),
        "logout": "confirm",
        "client_id": "site",
        "post_logout_redirect_uri": BYE,
    }
    done = signed_in.post("/end_session", data=form)
    assert done.status_code == 200
    assert not is_signed_in(signed_in)


def test_hint_of_another_session_asks_then_returns(
    provider: ProviderApp, signed_in: Browser
) -> None:
    """A hint of ours, of another session: a question; after a yes, the registered way back."""
    other = provider.open_browser()
    provider.sign_in(other)
    hint = other.get_tokens()["id_token"]
    fields = {"id_token_hint": hint, "post_logout_redirect_uri": BYE}
    asked = end(signed_in, **fields)
    assert "logout-confirm" in asked.text
    assert is_signed_in(signed_in)
    form = {**fields, "csrf_token": read_token(asked.text), "logout": "confirm"}
    assert signed_in.post("/end_session", data=form).location == BYE


def test_forged_confirmation_does_nothing(signed_in: Browser) -> None:
    """Without the token of this browser: 403, and the session lives (C51)."""
    refused = signed_in.post("/end_session", data={"logout": "confirm"})
    assert refused.status_code == 403
    assert is_signed_in(signed_in)


def test_bad_hints_ask(signed_in: Browser) -> None:
    """An access token, another's audience, an altered token: a question, no redirect (C48)."""
    tokens = signed_in.get_tokens()
    for hint in (tokens["access_token"], tokens["id_token"][:-2] + "xx", "nonsense"):
        asked = end(signed_in, id_token_hint=hint, post_logout_redirect_uri=BYE)
        assert "logout-confirm" in asked.text
    other = end(signed_in, id_token_hint=tokens["id_token"], client_id="basic")
    assert "logout-confirm" in other.text
    assert is_signed_in(signed_in)


def test_unregistered_way_back_asks(signed_in: Browser) -> None:
    """A URI that is not registered to the letter is not gone to, nor one of another client."""
    hint = signed_in.get_tokens()["id_token"]
    for uri in (f"{BYE}?a=b", "https://framed.example/bye", "https://evil.example/"):
        asked = end(signed_in, id_token_hint=hint, post_logout_redirect_uri=uri)
        assert "logout-confirm" in asked.text
    assert is_signed_in(signed_in)


def test_tokens_die_with_the_session(signed_in: Browser) -> None:
    """After the sign-out neither access nor refresh token is good."""
    tokens = signed_in.get_tokens()
    end(signed_in, id_token_hint=tokens["id_token"])
    assert signed_in.userinfo(tokens["access_token"]).status_code == 401
    assert signed_in.refresh(tokens["refresh_token"]).get_json()["error"] == "invalid_grant"


def test_sites_with_frames_are_told_in_frames(signed_in: Browser) -> None:
    """A front-channel client's frame carries iss and sid; its origin may be framed."""
    tokens = signed_in.get_tokens()
    framed = signed_in.get_code(client_id="framed")
    signed_in.redeem(framed, client_id="framed")
    sid = read_claims(tokens["id_token"])["sid"]
    page = end(signed_in, id_token_hint=tokens["id_token"], post_logout_redirect_uri=BYE)
    assert page.status_code == 200
    assert (
        f"https://framed.example/logout?iss=https%3A%2F%2Fconnexion.example&amp;sid={sid}"
        in page.text
    )
    assert "frame-src https://framed.example" in page.headers["Content-Security-Policy"]
    assert BYE in page.text
    # Browsers that run no modules are sent on too: the OpenID Foundation's suite drives one.
    assert 'type="module"' not in page.text


def test_other_sites_get_a_notice(provider: ProviderApp, signed_in: Browser) -> None:
    """A back-channel client's notice waits in the outbox, with the account and the session."""
    tokens = signed_in.get_tokens()
    end(signed_in, id_token_hint=tokens["id_token"])
    sid = read_claims(tokens["id_token"])["sid"]
    with provider.built.open_unit() as unit:
        (notice,) = unit.outbox.find_page(OutboxState.WAITING)
    assert notice.kind is OutboxKind.LOGOUT
    assert (notice.recipient, notice.parameters) == ("site", {"sub": SUB, "sid": sid})


def test_logout_token_says_whose_session_is_over(provider: ProviderApp) -> None:
    """typ, events, sub and sid, two minutes, no nonce (Back-Channel Logout 1.0, 2.4)."""
    client = provider.built.services.clients.find("site")
    assert client is not None
    build = LogoutTokens(provider.built.services.protocol.provider)
    now = provider.clock.now()
    first, second = (build(client, sub=SUB, sid="sid-1", now=now) for _ in range(2))
    claims = read_claims(first)
    assert read_header(first)["typ"] == "logout+jwt"
    assert claims.pop("jti") != read_claims(second)["jti"]
    assert claims == {
        "iss": ISSUER,
        "sub": SUB,
        "aud": "site",
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + 120,
        "sid": "sid-1",
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    }


def test_nobody_signed_in_is_just_told_so(browser: Browser) -> None:
    """There is nothing to end, hence nothing to ask."""
    assert "Vous êtes déconnecté" in end(browser).text


def test_repeated_parameter_is_a_page(browser: Browser) -> None:
    """Each parameter once."""
    assert browser.get("/end_session?client_id=site&client_id=basic").status_code == 400


def test_session_state_changes_with_the_session(provider: ProviderApp, signed_in: Browser) -> None:
    """The answer carries session_state; its cookie can be read by the frame and ends at logout."""
    answer = signed_in.get("/authorize", query_string=authorization_parameters())
    cookie = signed_in.get_cookie("__Host-state", domain="connexion.example")
    assert "." in read_query(answer.location)["session_state"]
    assert cookie is not None
    assert (cookie.secure, cookie.http_only, cookie.same_site) == (True, False, "None")
    hint = signed_in.get_tokens()["id_token"]
    end(signed_in, id_token_hint=hint)
    assert signed_in.get_cookie("__Host-state", domain="connexion.example") is None
    provider.sign_in(signed_in)
    signed_in.authorize()
    again = signed_in.get_cookie("__Host-state", domain="connexion.example")
    assert again is not None
    assert again.value != cookie.value


def test_session_frame_may_be_framed(browser: Browser) -> None:
    """The one page that other sites may show in theirs."""
    page = browser.get("/check_session")
    assert page.status_code == 200
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert "__Host-state" in page.text
