"""What WCAG 2.2 AA and RGAA 4.1 ask: by machine on every state, by hand where none can check."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.gallery.conftest import ShowPage
from tests.browser.gallery.test_looks import STATES
from tests.conftest import OpenPage
from tests.support.chromium import find_accessibility_faults

WIDE = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}
NARROW = {"viewport": {"width": 375, "height": 812}, "color_scheme": "dark"}
SMALL_TARGETS = """
() => [...document.querySelectorAll("button, .button, input, label[for=shared_computer], a")]
  .filter((e) => e.tagName !== "A" || e.matches(".button, nav a, aside a, dd a"))
  .filter((e) => e.type !== "hidden" && e.type !== "checkbox" && !e.closest(".contents"))
  .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])
  .filter(([, height]) => height > 0 && height < 44)
"""
FOCUSED = "document.activeElement.id || document.activeElement.className"
Show = Callable[..., Page]


@pytest.mark.parametrize("options", [WIDE, NARROW], ids=["wide-light", "narrow-dark"])
def test_axe_finds_nothing(options: dict[str, Any], open_page: OpenPage, show: ShowPage) -> None:
    """axe-core finds nothing on any page or mail, best practices included."""
    page = open_page(**options)
    faults = {}
    for name in STATES:
        show(page, name)
        faults[name] = find_accessibility_faults(page)
    assert {name: found for name, found in faults.items() if found} == {}


def test_targets_are_large_enough(open_page: OpenPage, show: ShowPage) -> None:
    """What is pressed is 44 px high or more; links within a sentence are as high as it is."""
    page = open_page(**NARROW)
    small = []
    for name in STATES:
        show(page, name)
        small += page.evaluate(SMALL_TARGETS)
    assert small == []


def test_focus_goes_to_the_faults_then_to_the_field(show_page: Show) -> None:
    """After a refused form the focus is on the summary, whose links lead to the fields."""
    page = show_page("account-errors")
    assert "notice-error" in page.evaluate(FOCUSED)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "email"


def test_tab_order_follows_the_form(show_page: Show) -> None:
    """The keyboard goes through the login form in the order in which it is read."""
    page = show_page("login")
    page.locator("#finess").focus()
    order = []
    for _ in range(5):
        page.keyboard.press("Tab")
        order.append(page.evaluate(f"{FOCUSED} || document.activeElement.textContent"))
    assert order == ["password", "reveal", "Mot de passe oublié", "shared_computer", "login-submit"]


def test_skip_link_comes_first(show_page: Show) -> None:
    """The first Tab shows a link that leads past the brand."""
    page = show_page("proof")
    page.keyboard.press("Tab")
    assert page.locator(".skip").bounding_box()["y"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "contenu"


@pytest.mark.parametrize("name", ["account", "update-account"])
def test_time_limits_are_told(name: str, show_page: Show) -> None:
    """A step that must be done in time says how long one has (WCAG 2.2.1)."""
    assert page_says(show_page(name), "Vous avez 15 minutes")


def page_says(page: Page, text: str) -> bool:
    """Say whether the main part has this text, whatever its spaces."""
    said = page.locator("main").inner_text()
    return text in said.replace("\u00a0", " ")
