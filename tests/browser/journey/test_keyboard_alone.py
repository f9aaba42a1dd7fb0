"""Signing in without a mouse: Tab, typing and Enter, from the site and back to it."""

import pytest
from playwright.sync_api import Page

from tests.support.at_browser import AtBrowser
from tests.support.demo import PASSWORD

pytestmark = pytest.mark.timeout(300)

FOCUSED = "() => document.activeElement.id"
OUTLINE = "() => getComputedStyle(document.activeElement).outlineStyle"


def test_sign_in_by_keyboard_alone(owner: AtBrowser) -> None:
    """Every stop on the way is reached by Tab, shows its focus, and takes what is typed."""
    page, type_text = owner.page, owner.page.keyboard.type
    page.goto(owner.plan.site_url)
    tab_to(page, "site-login")
    page.keyboard.press("Enter")
    tab_to(page, "finess")
    type_text(owner.registrant.finess)
    tab_to(page, "password")
    type_text(PASSWORD)
    tab_to(page, "login-submit")
    page.keyboard.press("Enter")
    owner.expect_signed_in()


def tab_to(page: Page, element_id: str) -> None:
    """Press Tab until the element has the focus, visibly.

    Raises:
        AssertionError: twenty presses did not reach it, or nothing shows that it has the focus.
    """
    page.wait_for_selector(f"#{element_id}")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == element_id:
            assert page.evaluate(OUTLINE) != "none", element_id
            return
    raise AssertionError(f"Tab does not reach {element_id}")
