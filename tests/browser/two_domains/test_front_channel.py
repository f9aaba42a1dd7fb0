"""Front-channel logout: the provider's page loads a frame of a site of another domain."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.two_domains.test_sign_in import read_code, sign_in
from tests.support.network import LOOPBACK
from tests.support.protocol_house import code_parameters, read_claims
from tests.support.tls_stage import TlsStage

pytestmark = pytest.mark.timeout(120)


def redeem(code: str, stage: TlsStage) -> dict[str, Any]:
    """Give the site its tokens, past nginx."""
    body = {**code_parameters(code), "redirect_uri": f"{stage.other_site}/callback"}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Host": urlsplit(stage.issuer).netloc,
        "X-Forwarded-For": "192.0.2.20",
        "X-Forwarded-Proto": "https",
    }
    connection = HTTPConnection(LOOPBACK, stage.port)
    connection.request("POST", "/token", urlencode(body), headers)
    tokens: dict[str, Any] = json.load(connection.getresponse())
    connection.close()
    return tokens


def test_site_is_told_in_a_frame_before_it_is_gone_back_to(
    page: Page,
    stage: TlsStage,
    has_javascript: bool,  # noqa: FBT001 - a fixture
) -> None:
    """The frame is loaded with iss and sid; then on, by itself or by the page's link."""
    sign_in(page, stage)
    hint = redeem(read_code(page, stage), stage)["id_token"]
    asked = {
        "id_token_hint": hint,
        "post_logout_redirect_uri": f"{stage.other_site}/bye",
        "state": "s",
    }
    with page.expect_request(f"{stage.other_site}/signed-out?*") as told:
        page.goto(f"{stage.issuer}/end_session?{urlencode(asked)}", wait_until="commit")
    if not has_javascript:
        page.click("#continue-link")
    page.wait_for_url(f"{stage.other_site}/bye?state=s")
    query = parse_qs(urlsplit(told.value.url).query)
    assert query == {"iss": [stage.issuer], "sid": [read_claims(hint)["sid"]]}
