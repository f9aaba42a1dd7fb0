"""A stranger who blocks a number leaves its owner's browser working (OWASP device cookies)."""

import pytest
from playwright.sync_api import expect

from tests.conftest import OpenPage
from tests.support.at_browser import WRONG_PASSWORD, AtBrowser

pytestmark = pytest.mark.timeout(300)


def test_stranger_blocks_strangers_alone(owner: AtBrowser, open_page: OpenPage) -> None:
    """After a stranger's three failures a new browser is refused, the owner's own signs in."""
    owner.visit_site()
    owner.sign_in()
    owner.sign_out()
    stranger = owner.move_to(open_page())
    stranger.visit_site()
    for _ in range(3):
        stranger.sign_in(WRONG_PASSWORD)
    expect(stranger.heading).to_have_text("Accès bloqué")
    new_browser = owner.move_to(open_page())
    new_browser.visit_site()
    new_browser.sign_in()
    expect(new_browser.heading).to_have_text("Accès bloqué")
    owner.visit_site()
    owner.sign_in()
    owner.expect_signed_in()


def test_shared_computer_stays_a_stranger(owner: AtBrowser, open_page: OpenPage) -> None:
    """« Poste partagé »: who signed in there is blocked like any stranger."""
    owner.visit_site()
    owner.page.check("#shared_computer")
    owner.sign_in()
    owner.sign_out()
    stranger = owner.move_to(open_page())
    stranger.visit_site()
    for _ in range(3):
        stranger.sign_in(WRONG_PASSWORD)
    owner.visit_site()
    owner.sign_in()
    expect(owner.heading).to_have_text("Accès bloqué")
