"""Fixtures: the whole provider, over each kind of database in turn, with clients of every sort."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from idp.protocol.client import AuthMethod
from tests.support.protocol_house import APP, SITE
from tests.support.provider_app import Browser, ProviderApp, build_settings, make_keys_folder

FULL_SITE = replace(
    SITE,
    post_logout_redirect_uris=("https://site.example/bye",),
    backchannel_logout_uri="https://site.example/backchannel",
    initiate_login_uri="https://site.example/login",
)
BASIC = replace(SITE, client_id="basic", token_endpoint_auth_method=AuthMethod.BASIC)
THIRD = replace(SITE, client_id="third", is_first_party=False, name="Autre site")
PUBLIC = replace(
    APP,
    allowed_origins=("https://app.example",),
    grant_types=("authorization_code", "refresh_token"),
)
FRAMED = replace(
    SITE,
    client_id="framed",
    frontchannel_logout_uri="https://framed.example/logout",
    post_logout_redirect_uris=("https://framed.example/bye",),
)
NATIVE = replace(
    APP,
    client_id="native",
    application_type="native",
    redirect_uris=("http://127.0.0.1/callback",),
)
SIGNED = replace(SITE, client_id="signed", userinfo_signed_response_alg="ES256")
CLIENTS = (FULL_SITE, BASIC, THIRD, PUBLIC, FRAMED, NATIVE, SIGNED)


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys of every algorithm, made once."""
    folder = tmp_path_factory.mktemp("keys") / "keys"
    return make_keys_folder(folder, ("RS256", "ES256", "PS256", "EdDSA"))


@pytest.fixture
def provider(keys_folder: Path, database_url: str) -> Iterator[ProviderApp]:
    """The provider over an empty database."""
    provider = ProviderApp.start(build_settings(keys_folder, database_url), *CLIENTS)
    yield provider
    provider.close()


@pytest.fixture
def browser(provider: ProviderApp) -> Browser:
    """A browser without a session."""
    return provider.open_browser()


@pytest.fixture
def signed_in(provider: ProviderApp) -> Browser:
    """A browser with a session that began now."""
    browser = provider.open_browser()
    provider.sign_in(browser)
    return browser
