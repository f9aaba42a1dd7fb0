"""Requests of a shape that no client or browser sends: refused, never a fault of ours."""

import json
from base64 import b64encode, urlsafe_b64encode

import pytest

from idp.protocol.client_assertion import ASSERTION_TYPE
from tests.support.protocol_house import authorization_parameters, code_parameters
from tests.support.provider_app import Browser

FORM = "application/x-www-form-urlencoded"
STRANGE_IDS = ["\0", "site\0", "\ud800", "s" * 10_000]


def encode_json(value: object) -> str:
    """Return a part of a JWT."""
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "path, status",
    [("/connexion", 413), ("/authorize", 400), ("/end_session", 400), ("/nowhere", 404)],
)
def test_body_that_is_too_long_is_said_on_a_page(browser: Browser, path: str, status: int) -> None:
    """C2D, C97: the page that refuses it looks for the request that waits, and finds none."""
    answer = browser.post(path, data="password=" + "x" * 100_000, content_type=FORM)
    assert answer.status_code == status


@pytest.mark.parametrize("name", ["s" * 300, "s/" * 3000, "site.css/x", "..", "%2e%2e/app/wsgi.py"])
def test_static_file_of_a_name_that_no_disk_takes(browser: Browser, name: str) -> None:
    """C105: whatever the address, a file that is none is not found."""
    assert browser.get(f"/static/{name}").status_code == 404


@pytest.mark.parametrize("client_id", STRANGE_IDS)
def test_assertion_of_a_client_no_database_can_hold(browser: Browser, client_id: str) -> None:
    """An assertion may speak for any JSON text: NUL and half a surrogate pair are no client."""
    assertion = f"{encode_json({'alg': 'ES256'})}.{encode_json({'sub': client_id})}.AAAA"
    parameters = {
        **code_parameters("unknown"),
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
    }
    del parameters["client_secret"]
    answer = browser.post("/token", data=parameters)
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")


def test_basic_credentials_with_nul(browser: Browser) -> None:
    """What is form-url-encoded within Basic (RFC 6749 2.3.1) may decode to a NUL."""
    header = f"Basic {b64encode(b'site%00:secret').decode()}"
    parameters = {"grant_type": "authorization_code", "code": "unknown"}
    answer = browser.post("/token", data=parameters, headers={"Authorization": header})
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("site", ["%00", "%ED%A0%80", "unknown"])
def test_activated_for_a_site_that_is_none(browser: Browser, site: str) -> None:
    """The page after an activation names a site in its address, which anybody may change."""
    assert browser.get(f"/activation/terminee?site={site}").status_code == 200


def test_sign_out_of_nobody_sets_no_cookie(browser: Browser) -> None:
    """C48: an image on another site brings no cookie, and must not make the browser drop one."""
    answer = browser.get("/end_session")
    assert not [c for c in answer.headers.getlist("Set-Cookie") if "session" in c]


@pytest.mark.parametrize(
    "path, fields",
    [
        ("/end_session", {"state": "x" * 60_000}),
        ("/end_session", {"id_token_hint": "(" * 20_000}),
        ("/authorize", {**authorization_parameters(response_type="x"), "state": "x" * 60_000}),
    ],
    ids=["long state", "state of long escapes", "state of a refused request"],
)
def test_no_answer_leads_to_a_long_address(
    browser: Browser, path: str, fields: dict[str, str]
) -> None:
    """A proxy refuses what fills its buffer, and would take the node that sends it for ill."""
    answer = browser.post(path, data=fields)
    assert answer.status_code == 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize("path", ["/inscription/compte", "/consentement", "/aide"])
def test_long_text_that_is_no_sealed_request_leads_nowhere(browser: Browser, path: str) -> None:
    """It is longer than any of ours: it is not carried on."""
    answer = browser.get(path, query_string={"request": "(" * 7_000})
    assert answer.status_code < 500
    assert "((((" not in (answer.location or "")


@pytest.mark.parametrize("name", ["login_hint", "claims"])
def test_request_that_only_compression_makes_small_is_refused(browser: Browser, name: str) -> None:
    """Sealed it would be short, but what is opened again is bounded."""
    asked = authorization_parameters(**{name: "é" * 20_000})
    answer = browser.post("/authorize", data=asked)
    assert "request=" not in (answer.location or "")
    assert answer.status_code < 500
