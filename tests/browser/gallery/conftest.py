"""The gallery, served as the demo serves it, and pages that show it."""

from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from idp.web.gallery import list_mails, list_pages, write_gallery
from tests.conftest import OpenPage
from tests.support.processes import REPOSITORY

ShowPage = Callable[..., Page]
STATES = [page.name for page in list_pages()] + [f"mail-{mail.name}" for mail in list_mails()]


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:  # noqa: ANN401 - the signature is the library's
        """Say nothing."""


@pytest.fixture(scope="session")
def gallery_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the gallery's folder."""
    folder = tmp_path_factory.mktemp("gallery")
    write_gallery(folder, REPOSITORY / "templates")
    handler = partial(_QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def shared_page(browser: Browser) -> Iterator[Page]:
    """One page for the tests that only look: one for each state would take longer than they do."""
    context = browser.new_context(locale="fr-FR", reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module", params=STATES)
def state(request: pytest.FixtureRequest) -> str:
    """The name of each state in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def loaded_page(state: str, shared_page: Page, gallery_url: str) -> Page:
    """The state in the shared page, loaded once for all tests of a file."""
    make_narrow_and_light(shared_page)
    shared_page.goto(f"{gallery_url}/{state}.html")
    return shared_page


@pytest.fixture
def page(loaded_page: Page) -> Page:
    """The state, narrow and light whatever the test before made of it."""
    make_narrow_and_light(loaded_page)
    return loaded_page


def make_narrow_and_light(page: Page) -> None:
    """Show the page as on a phone by day."""
    page.set_viewport_size({"width": 375, "height": 900})
    page.emulate_media(color_scheme="light")


@pytest.fixture
def show_page(open_page: OpenPage, gallery_url: str) -> ShowPage:
    """A function that shows one state in a browser of its own."""

    def show_one(name: str, **options: Any) -> Page:  # noqa: ANN401 - they are Playwright's
        page = open_page(**options)
        page.goto(f"{gallery_url}/{name}.html")
        return page

    return show_one
