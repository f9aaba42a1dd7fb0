"""What Chromium itself has to say of a page, in the console of its developer tools."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Playwright, Route

from idp.web.gallery import list_pages
from tests.support.chromium import launch_chromium
from tests.unit.pages.reading import read_page

WITH_PASSWORD = [p.name for p in list_pages() if any(read_page(p).find("input", type="password"))]
# A form that Chromium advises about, last on the page: once it does, it has seen the others.
FAULTY_FORM = '<form><input autocomplete="username"><input type="password"></form>'
ITS_FAULT = "Input elements should have autocomplete attributes"


def add_faulty_form(route: Route) -> None:
    """Let the page arrive with one more form."""
    body = route.fetch().text()
    route.fulfill(body=body.replace("</body>", f"{FAULTY_FORM}</body>"), content_type="text/html")


@pytest.fixture(scope="module")
def page(playwright: Playwright) -> Iterator[Page]:
    """A page of a whole Chromium, whose password manager is what advises."""
    with launch_chromium(playwright, is_whole=True) as browser:
        page = browser.new_page()
        page.route("**/*.html", add_faulty_form)
        yield page


@pytest.mark.parametrize("name", WITH_PASSWORD)
def test_forms_with_a_password_are_as_browsers_like_them(
    name: str, page: Page, gallery_url: str
) -> None:
    """Chromium advises nothing: each form says whose password it is, before it."""
    page.clear_console_messages()
    with page.expect_console_message(lambda message: ITS_FAULT in message.text):
        page.goto(f"{gallery_url}/{name}.html")
    assert len(page.console_messages()) == 1
