"""The frame that tells a site whether the session changed, in a real browser."""

import pytest
from playwright.sync_api import Page

from idp.secret_values import digest
from idp.web.gallery import Gallery, GalleryPage
from tests.conftest import OpenPage
from tests.support.processes import REPOSITORY

FRAME = GalleryPage(
    "check-session", "État de la session", "pages/check_session.html", {"state_cookie": "state"}
)
ASK = """
(message) => new Promise((done) => {
  const frame = document.createElement("iframe");
  frame.onload = () => frame.contentWindow.postMessage(message, "*");
  window.onmessage = (event) => done(event.data);
  frame.src = "check-session.html";
  document.body.append(frame);
})
"""


@pytest.fixture
def site_page(open_page: OpenPage, gallery_url: str) -> Page:
    """A page of a site, beside which the frame is found."""
    page = open_page()
    html = Gallery(REPOSITORY / "templates").draw_page(FRAME)
    page.route("**/check-session.html", lambda route: route.fulfill(body=html))
    page.goto(f"{gallery_url}/help.html")
    return page


@pytest.mark.parametrize(
    "state, answer", [("same", "unchanged"), ("another", "changed"), ("", "changed")]
)
def test_frame_compares_states(state: str, answer: str, site_page: Page, gallery_url: str) -> None:
    """The frame computes the hash that the provider computed (Session Management 3.2)."""
    if state:
        site_page.context.add_cookies([{"name": "state", "value": state, "url": gallery_url}])
    session_state = f"{digest(f'agenda {gallery_url} same salt')}.salt"
    assert site_page.evaluate(ASK, f"agenda {session_state}") == answer


def test_frame_calls_nonsense_an_error(site_page: Page) -> None:
    """What is no question is answered "error"."""
    assert site_page.evaluate(ASK, "nonsense") == "error"
