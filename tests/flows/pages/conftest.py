"""The pages of practitioners, in the real application, over each kind of database in turn."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from idp.settings import LimitSettings
from tests.support.provider import THIRD_SITE, WAITING_SITE, Provider
from tests.support.provider_app import ProviderApp, build_settings, make_keys_folder
from tests.support.visitor import Visitor


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys that sign what sites get, made once."""
    return make_keys_folder(tmp_path_factory.mktemp("keys") / "keys", ("RS256", "ES256"))


@pytest.fixture
def start_provider(keys_folder: Path, database_url: str) -> Iterator[Callable[..., Provider]]:
    """A function that starts the provider with settings of its own, over an empty database.

    A site of the house and somebody else's are known to it.
    """
    limits = dict.fromkeys(LimitSettings.model_fields, "")
    one_slot = {"hash_slots": 1, "hash_queue": 0, "hash_queue_timeout": "1 s"}
    with ExitStack() as started:

        def start(**overrides: object) -> Provider:
            tables = {"limits": limits, "passwords": one_slot, **overrides}
            settings = build_settings(keys_folder, database_url, **tables)
            running = ProviderApp.start(settings, WAITING_SITE, THIRD_SITE)
            started.callback(running.close)
            return Provider(running)

        yield start


@pytest.fixture
def provider(start_provider: Callable[..., Provider]) -> Provider:
    """The provider with its default settings, but for the limits by network."""
    return start_provider()


@pytest.fixture
def visitor(provider: Provider) -> Visitor:
    """A practitioner's browser without cookies."""
    return provider.open_browser()
