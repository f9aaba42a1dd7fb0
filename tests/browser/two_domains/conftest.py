"""The provider over TLS, a site of another domain, and a Chromium that sees them as two sites."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.support.tls_stage import TlsStage, launch_on_stage, running_tls_stage


@pytest.fixture(scope="session")
def stage() -> Iterator[TlsStage]:
    """The stage, which runs."""
    with running_tls_stage() as stage:
        yield stage


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium that finds the stage: whole, as it is where it may keep strangers apart."""
    browser = launch_on_stage(playwright, is_whole=True)
    yield browser
    browser.close()


@pytest.fixture(params=[True, False], ids=["javascript", "without-javascript"])
def has_javascript(request: pytest.FixtureRequest) -> bool:
    """Whether the page runs scripts: with and without, in turn."""
    return bool(request.param)


@pytest.fixture
def page(has_javascript: bool, browser: Browser) -> Iterator[Page]:  # noqa: FBT001 - a fixture
    """An empty page of a new profile, which takes the stage's own certificate."""
    context = browser.new_context(
        locale="fr-FR", ignore_https_errors=True, java_script_enabled=has_javascript
    )
    yield context.new_page()
    context.close()
