"""oidc-client-ts in Chromium: a public client whose scripts call the provider across origins."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.conftest import OpenPage
from tests.support.provider import FINESS, PASSWORD
from tests.support.tls_stage import TlsStage, launch_on_stage, running_tls_stage

pytestmark = pytest.mark.timeout(120)

HERE = Path(__file__).parent
LIBRARY = HERE / "node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js"


@pytest.fixture(scope="module")
def stage() -> Iterator[TlsStage]:
    """The stage, with the application on both sites."""
    with running_tls_stage() as stage:
        shutil.copytree(HERE / "app", stage.www, dirs_exist_ok=True)
        shutil.copy(LIBRARY, stage.www)
        provider = {"authority": stage.issuer}
        settings = {
            "appli.mutuelle.example": {**provider, "client_id": "app", "monitorSession": True},
            "site.cabinet.example": {**provider, "client_id": "stranger"},
        }
        (stage.www / "settings.json").write_text(json.dumps(settings))
        yield stage


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium that finds the stage."""
    browser = launch_on_stage(playwright)
    yield browser
    browser.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """An empty page of a new profile, which takes the stage's own certificate."""
    return open_page(ignore_https_errors=True)


def call(page: Page, method: str) -> Any:  # noqa: ANN401 - what the library answers
    """Call a method of the application's user manager."""
    return page.evaluate(f"() => manager.{method}()")


def sign_in(page: Page, address: str) -> None:
    """Open the application, sign in, and be back."""
    page.goto(address)
    expect(page.locator("h1")).to_have_text("Nobody")
    page.evaluate("() => void manager.signinRedirect()")
    page.fill("#finess", FINESS)
    page.fill("#password", PASSWORD)
    page.click("#login-submit")
    expect(page.locator("h1")).to_have_text("Cabinet Delorme")


@pytest.mark.parametrize("site", ["same_site", "other_site"])
def test_sign_in_and_userinfo(site: str, page: Page, stage: TlsStage) -> None:
    """Code with PKCE; /token and /userinfo answer the origin that the client registered."""
    sign_in(page, getattr(stage, site))


def test_silent_renewal_in_a_frame(page: Page, stage: TlsStage) -> None:
    """On the provider's own site a hidden frame renews the tokens (prompt=none)."""
    sign_in(page, stage.same_site)
    before = call(page, "getUser")
    after = call(page, "signinSilent")
    assert after["access_token"] != before["access_token"]
    assert after["profile"]["sub"] == before["profile"]["sub"]


def test_silent_renewal_on_another_site(page: Page, stage: TlsStage) -> None:
    """Elsewhere a refresh token does, since the frame would be a stranger to its cookies."""
    sign_in(page, stage.other_site)
    before = call(page, "getUser")
    after = call(page, "signinSilent")
    assert after["refresh_token"] != before["refresh_token"]


def test_frame_on_another_site_sees_nobody(page: Page, stage: TlsStage) -> None:
    """SameSite=Lax: without a refresh token the frame is told login_required, and nothing else."""
    sign_in(page, stage.other_site)
    page.evaluate("""async () => {
        const user = await manager.getUser();
        user.refresh_token = undefined;
        await manager.storeUser(user);
    }""")
    message = page.evaluate("() => manager.signinSilent().catch((error) => error.error)")
    assert message == "login_required"


def test_sign_out(page: Page, stage: TlsStage) -> None:
    """RP-initiated logout: back at the application, and signed in nowhere."""
    sign_in(page, stage.same_site)
    page.evaluate("() => void manager.signoutRedirect()")
    page.wait_for_url(f"{stage.same_site}/")
    expect(page.locator("h1")).to_have_text("Nobody")
    page.evaluate("() => void manager.signinRedirect()")
    expect(page.locator("h1")).to_have_text("Connexion")


def test_frame_tells_of_a_sign_out(page: Page, stage: TlsStage) -> None:
    """Session management, on the provider's own site: a sign-out in another tab is noticed."""
    sign_in(page, stage.same_site)
    other_tab = page.context.new_page()
    other_tab.goto(f"{stage.issuer}/end_session")
    other_tab.click("#logout-confirm")
    expect(page.locator("h1")).to_have_text("Signed out elsewhere", timeout=15_000)
