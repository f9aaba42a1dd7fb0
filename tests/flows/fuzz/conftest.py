"""The provider over each kind of database in turn, people on their journeys, and good requests."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.flows.fuzz.seeds import Request, collect_seeds
from tests.flows.fuzz.sender import Sender
from tests.support.provider import WAITING_SITE, Provider
from tests.support.provider_app import ProviderApp, build_settings
from tests.support.provider_fixtures import CLIENTS, keys_folder

__all__ = ["keys_folder"]

SITE = replace(
    WAITING_SITE,
    post_logout_redirect_uris=("https://site.example/bye",),
    backchannel_logout_uri="https://site.example/backchannel",
)


@pytest.fixture
def provider(keys_folder: Path, database_url: str) -> Iterator[Provider]:
    """The provider, without limits by network, and a practitioner who has an account."""
    limits = dict.fromkeys(("login", "registration", "reset", "authorize", "token"), "")
    settings = build_settings(keys_folder, database_url, limits=limits)
    running = ProviderApp.start(settings, *CLIENTS, SITE)
    provider = Provider(running)
    provider.add_account()
    yield provider
    running.close()


@pytest.fixture
def seeds(provider: Provider) -> list[Request]:
    """Good requests of every kind."""
    return collect_seeds(provider)


@pytest.fixture
def sender(provider: Provider) -> Sender:
    """What sends requests."""
    return Sender(provider)
