"""Attack cases C41 to C54: sessions, cookies, forged forms, redirects, frames. One test a case."""

from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from idp.accounts.admin import disable_account
from idp.accounts.visit import Visit
from tests.support.protocol_house import REDIRECT_URI
from tests.support.provider import FINESS, NEW_PASSWORD, PASSWORD, Provider
from tests.support.provider_app import Browser, ProviderApp
from tests.support.signing import MINUTE, SECOND
from tests.support.visitor import Page, Visitor

BYE = "https://site.example/bye"
FRAMABLE = {"/check_session"}
POSTED_PAGES = (
    "/connexion",
    "/consentement",
    "/activation",
    "/mot-de-passe-oublie",
    "/reinitialisation",
    "/reinitialisation/mot-de-passe",
    "/inscription",
    "/mise-a-jour",
)


@pytest.fixture
def people(provider: ProviderApp) -> Provider:
    """The provider, with one practitioner who has an account."""
    people = Provider(provider)
    people.add_account()
    return people


@pytest.fixture
def visitor(people: Provider) -> Visitor:
    """A practitioner's browser without cookies."""
    return people.open_browser()


def is_signed_in(visitor: Visitor) -> bool:
    """Whether the browser's session lives."""
    return visitor.request("GET", "/compte").status_code == 200


def visit_of(people: Provider) -> Visit:
    """Return an administrator's visit."""
    built = people.running.built
    unit = built.open_unit()
    return Visit(tools=built.services.tools, uow=unit, now=people.clock.now())


def read_cookies(answer: TestResponse) -> dict[str, dict[str, Any]]:
    """Return the attributes of each cookie that an answer sets."""
    jars = [SimpleCookie(header) for header in answer.headers.getlist("Set-Cookie")]
    return {name: dict(morsel) for jar in jars for name, morsel in jar.items()}


def test_c41_session_fixation(people: Provider) -> None:
    """C41: a session planted before the login is not the one after it, and is worth nothing."""
    attacker = people.open_browser("198.51.100.7")
    people.add_account("690000013", email="autre@orange.example")
    people.sign_in(attacker, "690000013")
    for planted in ("made-up", attacker.read_cookie("session") or ""):
        victim = people.open_browser()
        page = victim.open("/connexion")
        domain = "connexion.example"
        victim.client.set_cookie("__Host-session", planted, domain=domain, secure=True)
        people.sign_in(victim, page=page)
        assert is_signed_in(victim)
        assert victim.read_cookie("session") != planted
    assert not is_signed_in(attacker)


def test_c42_cookie_flags(people: Provider, visitor: Visitor) -> None:
    """C42: `__Host-`, Secure, HttpOnly, Lax, no Domain; no session in any address."""
    page = people.sign_in(visitor, page=people.start_at_site(visitor))
    cookies: dict[str, dict[str, Any]] = {}
    for answer in (*page.history, page.response):
        cookies |= read_cookies(answer)
        assert (visitor.read_cookie("session") or "") not in answer.headers.get("Location", "")
    state = cookies.pop("__Host-state")
    assert {"__Host-session", "__Host-csrf", "__Host-device"} >= set(cookies)
    assert "__Host-session" in cookies
    for name, flags in cookies.items():
        assert name.startswith("__Host-")
        assert (flags["secure"], flags["httponly"], flags["samesite"]) == (True, True, "Lax")
        assert (flags["path"], flags["domain"]) == ("/", "")
    assert (state["secure"], state["samesite"], state["path"]) == (True, "None", "/")


def test_c44_password_change_signs_out_elsewhere(people: Provider, visitor: Visitor) -> None:
    """C44: with a new password the other two browsers are out, and their refresh tokens dead."""
    phone, tablet = people.open_browser("192.0.2.20"), people.open_browser("192.0.2.30")
    for browser in (visitor, phone, tablet):
        people.sign_in(browser)
    site = copy_session(people.running, phone)
    refresh_token = site.get_tokens()["refresh_token"]
    page = visitor.open("/compte/mot-de-passe")
    visitor.submit(
        page,
        "password-submit",
        current_password=PASSWORD,
        password=NEW_PASSWORD,
        password_confirmation=NEW_PASSWORD,
    )
    assert [is_signed_in(b) for b in (visitor, phone, tablet)] == [True, False, False]
    assert site.refresh(refresh_token).get_json()["error"] == "invalid_grant"


def test_c45_disabled_in_mid_session(people: Provider, visitor: Visitor) -> None:
    """C45: the next request of a disabled account is a stranger's, its tokens are dead."""
    people.sign_in(visitor)
    site = copy_session(people.running, visitor)
    tokens = site.get_tokens()
    disable_account(visit_of(people), FINESS, reason="test")
    assert not is_signed_in(visitor)
    assert site.authorize().location.startswith("/connexion?")
    assert site.refresh(tokens["refresh_token"]).get_json()["error"] == "invalid_grant"
    assert site.userinfo(tokens["access_token"]).status_code == 401


def test_c46_idle_and_absolute_ends(provider: ProviderApp) -> None:
    """C46: over after thirty minutes idle, and after twelve hours however busy."""
    idle = provider.open_browser()
    provider.sign_in(idle)
    provider.clock.advance(30 * MINUTE - SECOND)
    assert "code=" in idle.authorize().location
    provider.clock.advance(30 * MINUTE)
    assert idle.authorize().location.startswith("/connexion?")

    busy = provider.open_browser()
    provider.sign_in(busy)
    for _ in range(12 * 4):
        assert "code=" in busy.authorize().location
        provider.clock.advance(15 * MINUTE)
    assert busy.authorize().location.startswith("/connexion?")


def test_c47_post_logout_redirects(signed_in: Browser) -> None:
    """C47: unregistered, another client's, without hint, with more query: nowhere."""
    hint = signed_in.get_tokens()["id_token"]
    for parameters in (
        {"id_token_hint": hint, "post_logout_redirect_uri": "https://evil.example/"},
        {"id_token_hint": hint, "post_logout_redirect_uri": "https://framed.example/bye"},
        {"id_token_hint": hint, "post_logout_redirect_uri": f"{BYE}?a=b"},
        {"post_logout_redirect_uri": BYE},
        {"client_id": "site", "post_logout_redirect_uri": BYE},
    ):
        answer = signed_in.get("/end_session", query_string=parameters)
        assert answer.status_code == 200
        assert "Location" not in answer.headers
    good = {"id_token_hint": hint, "post_logout_redirect_uri": BYE, "state": "s"}
    assert signed_in.get("/end_session", query_string=good).location == f"{BYE}?state=s"


def test_c48_forced_logout(provider: ProviderApp, signed_in: Browser) -> None:
    """C48: an image, a forged hint, another's expired hint: a question, and the session lives."""
    other = provider.open_browser()
    provider.sign_in(other)
    foreign = other.get_tokens()["id_token"]
    provider.clock.advance(20 * MINUTE)
    for query in ("", "?id_token_hint=x.y.z", f"?id_token_hint={quote(foreign)}"):
        answer = signed_in.get(f"/end_session{query}", headers={"Sec-Fetch-Dest": "image"})
        assert "logout-confirm" in answer.text
    assert "code=" in signed_in.authorize(prompt="none").location


def test_c50_login_csrf(people: Provider, visitor: Visitor) -> None:
    """C50: without this browser's token, or from another site, nobody is signed in."""
    attacker = people.open_browser("198.51.100.7")
    foreign = attacker.open("/connexion").find_form("login-submit").fields["csrf_token"]
    own = visitor.open("/connexion").find_form("login-submit").fields["csrf_token"]
    typed = {"finess": FINESS, "password": PASSWORD}
    for token, headers in (
        ("", {}),
        (foreign, {}),
        (own, {"Origin": "https://evil.example"}),
        (own, {"Sec-Fetch-Site": "cross-site"}),
    ):
        answer = visitor.request("POST", "/connexion", {**typed, "csrf_token": token}, headers)
        assert answer.status_code == 403
        assert not is_signed_in(visitor)


def test_c51_forged_posts(people: Provider, visitor: Visitor) -> None:
    """C51: no page takes a POST without its token; no GET changes anything."""
    people.sign_in(visitor)
    for path in POSTED_PAGES:
        assert visitor.request("POST", path, {}).status_code in {303, 403, 404}, path
    assert visitor.request("POST", "/end_session", {"logout": "confirm"}).status_code == 403
    for path in (*POSTED_PAGES, "/end_session"):
        visitor.request("GET", path)
    assert is_signed_in(visitor)


def test_c52_clickjacking(provider: ProviderApp, browser: Browser) -> None:
    """C52: no answer may be framed, errors included; the session frame alone is meant to be."""
    paths = {
        rule.rule
        for rule in provider.app.url_map.iter_rules()
        if rule.methods and "GET" in rule.methods and not rule.arguments
    }
    assert len(paths) > 20
    for path in (paths | {"/nothing", "/authorize?client_id=x"}) - FRAMABLE:
        answer = browser.get(path)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], path
        assert answer.headers["X-Frame-Options"] == "DENY", path


def test_c54_redirect_after_login(people: Provider, visitor: Visitor) -> None:
    """C54: a login answers 303, to the site at once: the password is posted to nobody else."""
    page: Page = people.sign_in(visitor, page=people.start_at_site(visitor))
    assert (page.response.status_code, page.history) == (303, ())
    assert page.address.startswith(f"{REDIRECT_URI}?code=")


def copy_session(provider: ProviderApp, visitor: Visitor) -> Browser:
    """Return a browser of the other kind with the same session."""
    browser = provider.open_browser()
    secret = visitor.read_cookie("session") or ""
    browser.set_cookie("__Host-session", secret, domain="connexion.example", secure=True)
    return browser


def test_session_is_touched_once_a_minute(provider: ProviderApp, signed_in: Browser) -> None:
    """Use pushes the idle end: a session used each quarter of an hour lives on."""
    for _ in range(4):
        provider.clock.advance(timedelta(minutes=15))
        assert "code=" in signed_in.authorize().location
