"""The pages of practitioners, in the real application, over each kind of database in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.provider import THIRD_SITE, WAITING_SITE, Provider
from tests.support.provider_app import ProviderApp, build_settings, make_keys_folder
from tests.support.visitor import Visitor


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys that sign what sites get, made once."""
    return make_keys_folder(tmp_path_factory.mktemp("keys") / "keys", ("RS256", "ES256"))


@pytest.fixture
def provider(keys_folder: Path, database_url: str) -> Iterator[Provider]:
    """The provider, with a site of the house and somebody else’s."""
    limits = dict.fromkeys(("pages", "login", "registration", "reset", "authorize", "token"), "")
    one_slot = {"hash_slots": 1, "hash_queue": 0, "hash_queue_timeout": "1 s"}
    settings = build_settings(keys_folder, database_url, limits=limits, passwords=one_slot)
    running = ProviderApp.start(settings, WAITING_SITE, THIRD_SITE)
    yield Provider(running)
    running.close()


@pytest.fixture
def visitor(provider: Provider) -> Visitor:
    """A practitioner's browser without cookies."""
    return provider.open_browser()
