"""One demo for all relying parties, and a practitioner who has an account there."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from tests.conftest import OpenPage
from tests.relying_parties.sites import KINDS, FindSite, Site, running_site
from tests.support.at_browser import AtBrowser
from tests.support.demo import Registrant, RunningDemo, running_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """A demo that runs."""
    with running_demo(tmp_path_factory.mktemp("relying-parties")) as demo:
        yield demo


@pytest.fixture(scope="session")
def find_site(demo: RunningDemo) -> Iterator[FindSite]:
    """A function that gives the site of a library, started when it is first asked for."""
    with ExitStack() as running:

        @cache
        def find(library: str) -> Site:
            return running.enter_context(running_site(KINDS[library], demo))

        yield find


@pytest.fixture(scope="session")
def registrant(demo: RunningDemo) -> Registrant:
    """Somebody with an account."""
    registrant = demo.next_registrant()
    demo.open_account(registrant)
    return registrant


@pytest.fixture
def person(demo: RunningDemo, registrant: Registrant, open_page: OpenPage) -> AtBrowser:
    """The same at a browser of their own, signed in nowhere."""
    return AtBrowser(open_page(), demo.plan, registrant)
