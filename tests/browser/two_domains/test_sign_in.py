"""A sign-in that crosses from one registrable domain to another and back."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.support.protocol_house import authorization_parameters
from tests.support.provider import FINESS, PASSWORD
from tests.support.tls_stage import TlsStage

pytestmark = pytest.mark.timeout(120)

SEND_FORM = """
([action, fields]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement("input");
    [input.type, input.name, input.value] = ["hidden", name, value];
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}
"""
ALLOWED_TO_SCRIPTS = {"__Host-state"}
"""The cookie that the session iframe of sites reads: a MAC of a public name."""


def ask(stage: TlsStage, **changes: str) -> dict[str, str]:
    """Return the parameters of an authorization request of the other domain's site."""
    return authorization_parameters(redirect_uri=f"{stage.other_site}/callback", **changes)


def sign_in(page: Page, stage: TlsStage, **changes: str) -> None:
    """Come from the site, and sign in."""
    page.goto(f"{stage.issuer}/authorize?{urlencode(ask(stage, **changes))}")
    type_password(page)


def type_password(page: Page) -> None:
    """Fill in the login page."""
    page.fill("#finess", FINESS)
    page.fill("#password", PASSWORD)
    page.click("#login-submit")


def read_code(page: Page, stage: TlsStage) -> str:
    """Return the code that the site got."""
    expect(page.get_by_role("heading")).to_have_text("Retour")
    address = urlsplit(page.url)
    assert f"{address.scheme}://{address.netloc}" == stage.other_site
    return parse_qs(address.query)["code"][0]


def test_login_form_leads_to_another_domain(page: Page, stage: TlsStage) -> None:
    """POST, 303, 303: `form-action` names the site's origin, or Chromium would stop here."""
    sign_in(page, stage)
    assert read_code(page, stage)


def test_cookies_are_bound_to_the_host(page: Page, stage: TlsStage) -> None:
    """`__Host-`, Secure, HttpOnly, SameSite=Lax, and nothing at the site (attack case C42)."""
    sign_in(page, stage)
    read_code(page, stage)
    cookies = page.context.cookies()
    names = {cookie["name"] for cookie in cookies}
    assert {"__Host-session", "__Host-csrf", "__Host-device"} <= names
    for cookie in cookies:
        assert cookie["name"].startswith("__Host-")
        assert cookie["domain"] == "connexion.mutuelle.example"
        assert (cookie["secure"], cookie["path"]) == (True, "/")
        if cookie["name"] not in ALLOWED_TO_SCRIPTS:
            assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")


def test_second_visit_is_silent(page: Page, stage: TlsStage) -> None:
    """A link from the other domain carries the session."""
    sign_in(page, stage)
    first = read_code(page, stage)
    page.goto(f"{stage.other_site}/")
    page.evaluate(
        "address => { location = address }", f"{stage.issuer}/authorize?{urlencode(ask(stage))}"
    )
    page.wait_for_url("**/callback?*")
    assert read_code(page, stage) != first


def test_posted_request_sees_the_session(page: Page, stage: TlsStage) -> None:
    """A POST from another domain carries no cookie: its 303 to a GET does (attack case C1G)."""
    sign_in(page, stage)
    first = read_code(page, stage)
    page.goto(f"{stage.other_site}/")
    page.evaluate(SEND_FORM, [f"{stage.issuer}/authorize", ask(stage, state="posted")])
    page.wait_for_url("**/callback?*")
    assert read_code(page, stage) != first


def test_posted_request_leads_to_the_login_page(page: Page, stage: TlsStage) -> None:
    """Without a session the POST ends on the login page, which leads back to the site."""
    page.goto(f"{stage.other_site}/")
    page.evaluate(SEND_FORM, [f"{stage.issuer}/authorize", ask(stage)])
    page.wait_for_url("**/connexion?*")
    type_password(page)
    assert read_code(page, stage)


def test_form_post_reaches_another_domain(
    page: Page,
    stage: TlsStage,
    has_javascript: bool,  # noqa: FBT001 - a fixture
) -> None:
    """response_mode=form_post: by itself, or by a button where there is no JavaScript."""
    with page.expect_request(f"{stage.other_site}/callback") as posted:
        sign_in(page, stage, response_mode="form_post")
        if not has_javascript:
            page.click("#continue-submit")
    assert posted.value.method == "POST"
    assert "code" in parse_qs(posted.value.post_data or "")
