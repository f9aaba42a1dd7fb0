"""One demo for all journeys: its own processes, each journey with practitioners of its own."""

from collections.abc import Iterator

import pytest

from tests.conftest import OpenPage
from tests.support.at_browser import AtBrowser
from tests.support.demo import RunningDemo, running_demo


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
    return AtBrowser(open_page(), demo, registrant)
