"""The endpoints' outer shape: what they refuse before looking, whom they answer across origins."""

import base64
from urllib.parse import urlencode

import pytest

from tests.support.protocol_house import (
    REDIRECT_URI,
    SECRET,
    authorization_parameters,
    code_parameters,
)
from tests.support.provider_app import Browser

FORM = "application/x-www-form-urlencoded"
POSTED = ("/token", "/revoke", "/introspect", "/par")


@pytest.mark.parametrize("path", POSTED)
def test_only_forms_are_taken(browser: Browser, path: str) -> None:
    """JSON, multipart, plain text, nothing, or another charset: 415 (C29)."""
    parameters = code_parameters("x")
    bodies = (
        browser.post(path, json=parameters),
        browser.post(path, data=parameters, content_type="multipart/form-data"),
        browser.post(path, data=urlencode(parameters), content_type="text/plain"),
        browser.post(path, data=urlencode(parameters)),
        browser.post(path, data=urlencode(parameters), content_type=f"{FORM}; charset=utf-16"),
    )
    for answer in bodies:
        assert (answer.status_code, answer.get_json()["error"]) == (415, "invalid_request")


@pytest.mark.parametrize("path", POSTED)
def test_parameters_in_the_address_are_refused(browser: Browser, path: str) -> None:
    """What gets logged may hold no code or token."""
    answer = browser.post(f"{path}?grant_type=authorization_code", data=code_parameters("x"))
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("path", POSTED)
def test_repeated_parameter_is_refused(browser: Browser, path: str) -> None:
    """Each parameter once (RFC 6749 3.2)."""
    body = f"{urlencode(code_parameters('x'))}&grant_type=authorization_code"
    answer = browser.post(path, data=body, content_type=FORM)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("path", POSTED)
def test_posted_endpoints_answer_no_get(browser: Browser, path: str) -> None:
    """A GET is 405."""
    assert browser.get(path).status_code == 405


@pytest.mark.parametrize("body", [b"code=%ff%fe", b"code=%00", b"\xff=\xfe", b"grant_type=%00"])
def test_unreadable_bytes_are_refused(browser: Browser, body: bytes) -> None:
    """What is no text, or NUL, is invalid_request."""
    answer = browser.post("/token", data=body, content_type=FORM)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")


def test_long_body_is_refused(browser: Browser) -> None:
    """64 kB and no more (C2D)."""
    answer = browser.post("/token", data={"code": "x" * 70_000})
    assert (answer.status_code, answer.get_json()["error"]) == (413, "invalid_request")


def test_body_of_unknown_length_is_refused(browser: Browser) -> None:
    """A chunked body over the limit would be cut in silence: 411."""
    answer = browser.post(
        "/token",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"CONTENT_LENGTH": "", "wsgi.input_terminated": True},
        content_type=FORM,
    )
    assert answer.status_code == 411


def test_form_post_answer_is_escaped(signed_in: Browser) -> None:
    """form_post: a page whose form posts the answer, its values escaped, its target allowed."""
    page = signed_in.authorize(response_mode="form_post", state='"><script>alert(1)</script>')
    assert page.status_code == 200
    assert f'action="{REDIRECT_URI}"' in page.text
    assert "<script>alert" not in page.text
    assert 'name="code"' in page.text
    assert 'name="iss"' in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "form-action 'self' https://site.example" in policy
    assert "unsafe-inline" not in policy


def test_authorization_page_names_no_address(browser: Browser) -> None:
    """The page of a bad redirect URI shows a reference, and not the URI."""
    page = browser.authorize(redirect_uri="https://evil.example/x")
    assert page.status_code == 400
    assert page.mimetype == "text/html"
    assert "evil.example" not in page.text


def test_faults_of_a_posted_request_are_told_at_once(browser: Browser) -> None:
    """A POST is checked before it is sent on: a page, or told to the site."""
    bad_uri = authorization_parameters(redirect_uri="https://evil.example/")
    assert browser.post("/authorize", data=bad_uri).status_code == 400
    bad_scope = browser.post("/authorize", data=authorization_parameters(scope="email"))
    assert bad_scope.location.startswith(f"{REDIRECT_URI}?error=invalid_scope")


@pytest.mark.parametrize("repeated", ["client_id", "redirect_uri", "scope", "state", "x"])
def test_repeated_authorization_parameter_is_a_page(browser: Browser, repeated: str) -> None:
    """Any repeated parameter is a 400 page, never a redirect (C10)."""
    query = f"{urlencode(authorization_parameters())}&{repeated}=a&{repeated}=b"
    assert browser.get(f"/authorize?{query}").status_code == 400
    assert (
        browser.post(f"/authorize?{repeated}=a", data=authorization_parameters()).status_code == 400
    )


def test_token_answers_registered_origins_of_public_clients(browser: Browser) -> None:
    """Pages of a public client's origins may read /token; nobody else's (C115)."""
    public = {"grant_type": "authorization_code", "code": "x", "client_id": "app"}
    headers = {"Origin": "https://app.example"}
    allowed = browser.post("/token", data=public, headers=headers)
    assert allowed.headers["Access-Control-Allow-Origin"] == "https://app.example"
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    for origin in ("null", "https://evil.example"):
        answer = browser.post("/token", data=public, headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in answer.headers
    confidential = browser.post("/token", data=code_parameters("x"), headers=headers)
    assert "Access-Control-Allow-Origin" not in confidential.headers


@pytest.mark.parametrize("path", ["/token", "/userinfo", "/revoke"])
def test_preflight_answers_registered_origins(browser: Browser, path: str) -> None:
    """A browser that asks first is told of registered origins alone."""
    allowed = browser.options(path, headers={"Origin": "https://app.example"})
    refused = browser.options(path, headers={"Origin": "https://evil.example"})
    assert allowed.headers["Access-Control-Allow-Origin"] == "https://app.example"
    assert "Authorization" in allowed.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in refused.headers


def test_authorize_answers_no_origin(browser: Browser) -> None:
    """There is no CORS on /authorize (C1G)."""
    answer = browser.get(
        "/authorize",
        query_string=authorization_parameters(client_id="app"),
        headers={"Origin": "https://app.example"},
    )
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_userinfo_takes_a_posted_token(signed_in: Browser) -> None:
    """GET or POST, in the header or in a form (Core 5.3.1, RFC 6750 2.2)."""
    token = signed_in.get_tokens()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert signed_in.get("/userinfo", headers=bearer).status_code == 200
    assert signed_in.post("/userinfo", headers=bearer).status_code == 200
    assert signed_in.post("/userinfo", data={"access_token": token}).status_code == 200
    both = signed_in.post("/userinfo", data={"access_token": token}, headers=bearer)
    assert both.status_code == 400


def test_userinfo_ignores_a_token_in_the_address(signed_in: Browser) -> None:
    """An address is logged everywhere: a token in it is not looked at (C3C)."""
    token = signed_in.get_tokens()["access_token"]
    answer = signed_in.get(f"/userinfo?access_token={token}")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="userinfo"'


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "Basic eDp5", "Bearer a b", "é"])
def test_userinfo_refuses_other_tokens(browser: Browser, header: str) -> None:
    """Whatever is no live access token is a 401 with a challenge."""
    answer = browser.get("/userinfo", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_userinfo_is_signed_on_request(signed_in: Browser) -> None:
    """The media type of a signed answer is application/jwt."""
    token = signed_in.get_tokens(client_id="signed")["access_token"]
    assert signed_in.userinfo(token).mimetype == "application/jwt"


def test_basic_credentials_over_http(signed_in: Browser) -> None:
    """client_secret_basic, form-url-encoded."""
    code = signed_in.get_code(client_id="basic")
    credentials = base64.b64encode(f"basic:{SECRET}".encode()).decode()
    body = {**code_parameters(code)}
    del body["client_id"], body["client_secret"]
    answer = signed_in.post("/token", data=body, headers={"Authorization": f"Basic {credentials}"})
    assert answer.status_code == 200
