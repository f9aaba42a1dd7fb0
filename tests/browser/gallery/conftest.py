"""The gallery, served as the demo serves it, and pages that show it."""

from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page

from idp.web.gallery import write_gallery
from tests.conftest import OpenPage
from tests.support.processes import REPOSITORY

ShowPage = Callable[[Page, str], None]


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


@pytest.fixture
def show(gallery_url: str) -> ShowPage:
    """A function that shows one state in a page, and returns once its scripts ran."""

    def show_state(page: Page, name: str) -> None:
        page.goto(f"{gallery_url}/{name}.html")

    return show_state


@pytest.fixture
def show_page(open_page: OpenPage, show: ShowPage) -> Callable[..., Page]:
    """A function that opens one state in a browser of its own."""

    def show_one(name: str, **options: Any) -> Page:  # noqa: ANN401 - they are Playwright's
        page = open_page(**options)
        show(page, name)
        return page

    return show_one
