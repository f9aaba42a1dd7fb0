"""Pushed authorization requests over HTTP (RFC 9126)."""

from datetime import timedelta

from werkzeug.test import TestResponse

from tests.support.protocol_house import SECRET, authorization_parameters, read_query
from tests.support.provider_app import Browser, ProviderApp


def push(browser: Browser, **changes: str) -> TestResponse:
    """Push a good request of SITE, with these changes."""
    parameters = authorization_parameters(**changes)
    return browser.post("/par", data={"client_secret": SECRET, **parameters})


def visit(browser: Browser, request_uri: str, client_id: str = "site") -> TestResponse:
    """Send the browser with the reference alone."""
    return browser.get(
        "/authorize", query_string={"client_id": client_id, "request_uri": request_uri}
    )


def test_pushed_request_is_answered(signed_in: Browser) -> None:
    """The reference stands for the parameters; the code comes for those."""
    pushed = push(signed_in, state="pushed")
    assert (pushed.status_code, pushed.get_json()["expires_in"]) == (201, 90)
    told = read_query(visit(signed_in, pushed.get_json()["request_uri"]).location)
    assert told["state"] == "pushed"
    assert signed_in.redeem(told["code"]).status_code == 200


def test_parameters_in_the_browser_change_nothing(signed_in: Browser) -> None:
    """What the browser adds to the reference is ignored."""
    uri = push(signed_in, state="pushed").get_json()["request_uri"]
    answer = signed_in.get(
        "/authorize", query_string={"client_id": "site", "request_uri": uri, "state": "changed"}
    )
    assert read_query(answer.location)["state"] == "pushed"


def test_reference_is_used_when_the_code_is_issued(signed_in: Browser) -> None:
    """It is good for one code; a second visit is a page."""
    uri = push(signed_in).get_json()["request_uri"]
    assert "code=" in visit(signed_in, uri).location
    assert visit(signed_in, uri).status_code == 400


def test_reference_survives_the_login(provider: ProviderApp, browser: Browser) -> None:
    """Looking at the login page uses nothing; its expiry counts at the first visit alone."""
    uri = push(browser).get_json()["request_uri"]
    sealed = read_query(visit(browser, uri).location)["request"]
    provider.clock.advance(timedelta(minutes=10))
    provider.sign_in(browser)
    answer = browser.get("/authorize", query_string={"request": sealed})
    assert "code=" in answer.location
    again = browser.get("/authorize", query_string={"request": sealed})
    assert read_query(again.location)["error"] == "invalid_request_uri"


def test_reference_expires(provider: ProviderApp, signed_in: Browser) -> None:
    """After 90 seconds it is a page."""
    uri = push(signed_in).get_json()["request_uri"]
    provider.clock.advance(timedelta(seconds=91))
    assert visit(signed_in, uri).status_code == 400


def test_reference_is_its_clients_alone(signed_in: Browser) -> None:
    """Another client cannot use it."""
    uri = push(signed_in).get_json()["request_uri"]
    assert visit(signed_in, uri, "basic").status_code == 400
    assert "code=" in visit(signed_in, uri).location


def test_pushing_checks_the_request(browser: Browser) -> None:
    """A request that would be refused is refused at once, as JSON."""
    refused = push(browser, redirect_uri="https://evil.example/")
    assert (refused.status_code, refused.get_json()["error"]) == (400, "invalid_request")
    assert push(browser, code_challenge="").get_json()["error"] == "invalid_request"


def test_what_is_too_long_is_not_kept(browser: Browser) -> None:
    """C2D: whoever may push fills no disk (RFC 9126 2.3)."""
    answer = push(browser, nonce="n" * 9000)
    assert (answer.status_code, answer.get_json()["error"]) == (413, "invalid_request")
    assert push(browser, nonce="n" * 4000).status_code == 201


def test_pushing_needs_authentication(browser: Browser) -> None:
    """A client proves who it is, as at the token endpoint."""
    wrong = {**authorization_parameters(), "client_secret": "wrong"}
    assert browser.post("/par", data=wrong).status_code == 401


def test_reference_cannot_be_pushed(browser: Browser) -> None:
    """A pushed request names no other (RFC 9126 2.1)."""
    assert push(browser, request_uri="urn:x").get_json()["error"] == "invalid_request"


def test_client_that_pushes_may_do_nothing_else(provider: ProviderApp, signed_in: Browser) -> None:
    """require_pushed_authorization_requests is held to."""
    provider.change_client("site", require_pushed_authorization_requests=True)
    assert read_query(signed_in.authorize().location)["error"] == "invalid_request"
    assert "code=" in visit(signed_in, push(signed_in).get_json()["request_uri"]).location
