"""The pages of practitioners, in the real application, over each kind of database in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.provider import WAITING_SITE, Provider
from tests.support.provider_app import ProviderApp, build_settings, make_keys_folder
from tests.support.visitor import Visitor


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys that sign what sites get, made once."""
    return make_keys_folder(tmp_path_factory.mktemp("keys") / "keys", ("RS256", "ES256"))


@pytest.fixture
def provider(keys_folder: Path, database_url: str) -> Iterator[Provider]:
    """The provider, with one site that waits for practitioners."""
    limits = {
        name: "" for name in ("pages", "login", "registration", "reset", "authorize", "token")
    }
    settings = build_settings(keys_folder, database_url, limits=limits)
    running = ProviderApp.start(settings, WAITING_SITE)
    yield Provider(running)
    running.close()


@pytest.fixture
def visitor(provider: Provider) -> Visitor:
    """A practitioner's browser without cookies."""
    return provider.open_browser()
