"""Attack cases C01 to C1G: the authorization request. One test a case."""

import socket
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from idp.protocol.client_faults import find_client_faults
from tests.support.protocol_house import (
    CHALLENGE,
    ISSUER,
    REDIRECT_URI,
    SITE,
    VERIFIER,
    authorization_parameters,
    read_query,
)
from tests.support.provider_app import Browser, ProviderApp

NATIVE_URI = "http://127.0.0.1:49152/callback"


def assert_page(answer: TestResponse) -> None:
    """Check for a 400 page of ours that leads nowhere."""
    assert answer.status_code == 400, answer.location
    assert answer.mimetype == "text/html"
    assert answer.location is None


def told(answer: TestResponse) -> str:
    """Return the error that the registered redirect URI was told, with our iss."""
    assert answer.status_code == 303, answer.text
    assert answer.location.startswith(f"{REDIRECT_URI}?")
    query = read_query(answer.location)
    assert query["iss"] == ISSUER
    return query["error"]


def find_faults(uri: str) -> list[str]:
    """Return why SITE may not register this redirect URI."""
    return find_client_faults(replace(SITE, redirect_uris=(uri,)))


def test_c01_unregistered_redirect_uri(signed_in: Browser) -> None:
    """C01: a page, no redirect, and the address is not even shown."""
    answer = signed_in.authorize(redirect_uri="https://evil.example/")
    assert_page(answer)
    assert "evil.example" not in answer.text


def test_c02_near_misses_of_the_redirect_uri(signed_in: Browser) -> None:
    """C02: the registered string, to the letter."""
    for uri in (
        "https://site.example/callback/../evil",
        "https://site.example/%2e%2e/callback",
        f"{REDIRECT_URI}/",
        f"{REDIRECT_URI}?next=evil",
        "https://site.example/Callback",
        "https://SITE.example/callback",
        "https://site.example:443/callback",
        f" {REDIRECT_URI}",
        f"{REDIRECT_URI}\n",
    ):
        assert_page(signed_in.authorize(redirect_uri=uri))


def test_c03_confusing_redirect_uris(signed_in: Browser) -> None:
    """C03: user information, suffixes, backslashes, no scheme."""
    for uri in (
        "https://site.example@evil/callback",
        "https://site.example.evil/callback",
        "https://site.example\\@evil/callback",
        "//evil/callback",
        "https:evil",
    ):
        assert_page(signed_in.authorize(redirect_uri=uri))


def test_c04_fragments(signed_in: Browser) -> None:
    """C04: refused in a request, and cannot be registered."""
    for suffix in ("#x", "%23", "%23x", "#"):
        uri = f"{REDIRECT_URI}{suffix}"
        assert_page(signed_in.authorize(redirect_uri=uri))
        assert find_faults(uri)


def test_c05_schemes(signed_in: Browser) -> None:
    """C05: http elsewhere, javascript, data and custom schemes, in a request and in a record."""
    for uri in (
        "http://site.example/callback",
        "javascript:alert(1)",
        "data:text/html,x",
        "com.example.app:/callback",
    ):
        assert_page(signed_in.authorize(redirect_uri=uri))
        assert find_faults(uri)


def test_c07_loopback_ports_float(signed_in: Browser) -> None:
    """C07: a native client chooses its port; a name that only looks like loopback does not."""
    answer = signed_in.authorize(client_id="native", redirect_uri=NATIVE_URI)
    assert answer.status_code == 303
    for uri in (
        "http://localhost.evil:1/callback",
        "http://localhost:1/callback",
        "http://127.0.0.1.evil:1/callback",
        "http://127.0.0.1:1@evil/callback",
        "http://127.0.0.1:99999/callback",
        "http://127.0.0.1:1/other",
        "https://127.0.0.1:1/callback",
    ):
        assert_page(signed_in.authorize(client_id="native", redirect_uri=uri))


def test_c08_missing_redirect_uri(signed_in: Browser) -> None:
    """C08: required, though one is registered (OpenID Connect Core 3.1.2.1)."""
    assert_page(signed_in.authorize(redirect_uri=""))


def test_c09_redirect_uri_of_another_client(signed_in: Browser) -> None:
    """C09: each client has its own."""
    assert_page(signed_in.authorize(redirect_uri=NATIVE_URI))


def test_c10_repeated_parameters(signed_in: Browser) -> None:
    """C10: good first or evil first, in the address, the form, or one in each: a page."""
    good = authorization_parameters()
    for name, evil in (
        ("redirect_uri", "https://evil.example/"),
        ("client_id", "third"),
        ("scope", "openid finess"),
        ("state", "evil"),
    ):
        for pairs in ([*good.items(), (name, evil)], [(name, evil), *good.items()]):
            assert_page(signed_in.get(f"/authorize?{urlencode(pairs)}"))
            form = "application/x-www-form-urlencoded"
            posted = signed_in.post("/authorize", data=urlencode(pairs), content_type=form)
            assert_page(posted)
        mixed = signed_in.post(f"/authorize?{urlencode({name: evil})}", data=good)
        assert_page(mixed)


def test_c11_unknown_clients(signed_in: Browser) -> None:
    """C11: SQL, HTML or nothing known: the same page, but for its reference."""
    pages = [
        signed_in.authorize(client_id=client_id)
        for client_id in ("nobody", "' OR 1=1 --", "<script>alert(1)</script>", "x" * 5000)
    ]
    for page in pages:
        assert_page(page)
        assert "<script>alert" not in page.text
    assert len({len(page.text) for page in pages}) == 1


def test_c13_response_types_and_modes(signed_in: Browser) -> None:
    """C13: the code flow alone, by query or form_post."""
    for response_type in ("token", "id_token", "code token", "none", "CODE", "é"):
        error = told(signed_in.authorize(response_type=response_type))
        assert error in {"unsupported_response_type", "invalid_request"}
    assert told(signed_in.authorize(response_type="")) == "invalid_request"
    for response_mode in ("fragment", "web_message", "jwt", "QUERY"):
        assert told(signed_in.authorize(response_mode=response_mode)) == "invalid_request"
    document = signed_in.get("/.well-known/openid-configuration").get_json()
    assert document["response_types_supported"] == ["code"]


def test_c14_no_code_challenge(browser: Browser) -> None:
    """C14: told to the site at once, no login page before."""
    answer = browser.authorize(code_challenge="", code_challenge_method="")
    assert told(answer) == "invalid_request"


def test_c15_plain_challenge(signed_in: Browser) -> None:
    """C15: S256 must be said: without a method, plain is meant (RFC 7636 4.3)."""
    assert told(signed_in.authorize(code_challenge_method="plain")) == "invalid_request"
    assert told(signed_in.authorize(code_challenge_method="")) == "invalid_request"


def test_c16_malformed_challenge(signed_in: Browser) -> None:
    """C16: too short, too long, other characters, a newline at the end."""
    for challenge in ("c" * 42, "c" * 129, "c" * 42 + "=", f"{CHALLENGE}\n", "c" * 42 + "é"):
        assert told(signed_in.authorize(code_challenge=challenge)) == "invalid_request"


def test_c17_stripped_challenge(provider: ProviderApp, signed_in: Browser) -> None:
    """C17: where PKCE is optional, a verifier without its challenge is refused."""
    provider.change_client("site", require_pkce=False)
    code = signed_in.get_code(code_challenge="", code_challenge_method="")
    assert signed_in.redeem(code, code_verifier=VERIFIER).get_json()["error"] == "invalid_request"


def test_c18_wrong_verifier(signed_in: Browser) -> None:
    """C18: never tokens; it uses up the code of a client that proved itself, and burns no tokens.

    A public client's code stays: whoever saw it could spoil the sign-in otherwise.
    """
    for wrong in ("w" * 43, "", "w", "é" * 43):
        code = signed_in.get_code()
        assert signed_in.redeem(code, code_verifier=wrong).status_code == 400
        assert signed_in.redeem(code).get_json()["error"] == "invalid_grant"
    tokens_of = signed_in.get_code()
    tokens = signed_in.redeem(tokens_of).get_json()
    signed_in.redeem(tokens_of, code_verifier="w" * 43)
    assert signed_in.userinfo(tokens["access_token"]).status_code == 200
    public = {"client_id": "app", "client_secret": ""}
    code = signed_in.get_code(client_id="app")
    assert signed_in.redeem(code, **public, code_verifier="w" * 43).status_code == 400
    assert signed_in.redeem(code, **public).status_code == 200


def test_c19_scopes(provider: ProviderApp, signed_in: Browser) -> None:
    """C19: more than registered, no openid, or far too long; unknown scopes are ignored."""
    provider.change_client("site", scopes=("openid", "email"))
    assert told(signed_in.authorize(scope="openid finess")) == "invalid_scope"
    assert told(signed_in.authorize(scope="email")) == "invalid_scope"
    assert told(signed_in.authorize(scope="openid " + "x" * 10_000)) == "invalid_scope"
    code = signed_in.get_code(scope="openid admin")
    assert signed_in.redeem(code).get_json()["scope"] == "openid"


def test_c1a_request_objects(signed_in: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """C1A: refused by name, and nothing is fetched."""
    calls: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda *args: calls.append(args))
    by_value = signed_in.authorize(request="eyJhbGciOiJub25lIn0.e30.")
    by_reference = signed_in.authorize(request_uri="https://evil.example/request")
    monkeypatch.undo()
    assert told(by_value) == "request_not_supported"
    assert told(by_reference) == "request_uri_not_supported"
    assert not [call for call in calls if "evil" in str(call)]


def test_c1b_prompt_and_max_age(browser: Browser, signed_in: Browser) -> None:
    """C1B: none without a session, none with others, senseless ages; zero asks for the password."""
    assert told(browser.authorize(prompt="none")) == "login_required"
    assert_page(browser.authorize(prompt="none", redirect_uri="https://evil.example/"))
    assert told(signed_in.authorize(prompt="none login")) == "invalid_request"
    for age in ("-1", "abc", "1.5", "\u0661", "9" * 40):
        assert told(signed_in.authorize(max_age=age)) == "invalid_request"
    assert signed_in.authorize(max_age="0").location.startswith("/connexion?")


def test_c1d_scripts_in_parameters(browser: Browser, signed_in: Browser) -> None:
    """C1D: escaped on pages, encoded in addresses, absent from error_description; CSP holds."""
    script = '"><script>alert(1)</script>'
    posted = signed_in.authorize(response_mode="form_post", state=script, nonce=script)
    login = browser.get(browser.authorize(login_hint=script, ui_locales=script).location)
    refused = signed_in.authorize(prompt=script)
    for page in (posted, login):
        assert "<script>alert" not in page.text
        assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert "<" not in refused.location
    assert "script" not in read_query(refused.location)["error_description"]


def test_c1e_issuer_on_every_answer(signed_in: Browser) -> None:
    """C1E: answers and errors carry iss, exactly the issuer, and discovery says so (RFC 9207)."""
    assert read_query(signed_in.authorize().location)["iss"] == ISSUER
    assert told(signed_in.authorize(scope="")) == "invalid_scope"
    document = signed_in.get("/.well-known/openid-configuration").get_json()
    assert document["authorization_response_iss_parameter_supported"] is True


def test_c1g_cross_site_post(browser: Browser) -> None:
    """C1G: a POST from elsewhere gives nothing by itself, and no other origin reads it."""
    answer = browser.post(
        "/authorize",
        data=authorization_parameters(),
        headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 303
    assert answer.location.startswith("/authorize?request=")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert browser.get(answer.location).location.startswith("/connexion?")
