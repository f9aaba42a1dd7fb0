"""One demo for all journeys: its own processes, each journey with practitioners of its own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import OpenPage
from tests.support.at_browser import AtBrowser
from tests.support.chromium import opening_pages
from tests.support.demo import RunningDemo, running_demo
from tests.support.story import KINDS, Kind

OpenBrowser = Callable[[], Page]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """A demo that runs."""
    with running_demo(tmp_path_factory.mktemp("journeys")) as demo:
        yield demo


@pytest.fixture
def owner(demo: RunningDemo, open_page: OpenPage) -> AtBrowser:
    """A practitioner with an account, at a browser that never signed in to it."""
    registrant = demo.next_registrant()
    demo.open_account(registrant)
    return AtBrowser(open_page(), demo.plan, registrant)


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Each kind of browser in turn."""
    return KINDS[request.param]


@pytest.fixture(scope="module")
def open_browser(browser: Browser, kind: Kind) -> Iterator[OpenBrowser]:
    """A function that opens an empty browser of the kind, for a whole story."""
    with opening_pages(browser, **kind) as open_one:
        yield open_one


@pytest.fixture(scope="module")
def person(demo: RunningDemo, open_browser: OpenBrowser) -> AtBrowser:
    """A practitioner without an account, at an empty browser of the kind."""
    return AtBrowser(open_browser(), demo.plan, demo.next_registrant())
