"""What WCAG 2.2 AA and RGAA 4.1 ask: by machine on every state, by hand where none can check."""

import pytest
from playwright.sync_api import Page

from tests.browser.gallery.conftest import ShowPage
from tests.support.chromium import find_accessibility_faults

SMALL_TARGETS = """
() => [...document.querySelectorAll("button, .button, input, label[for=shared_computer], a")]
  .filter((e) => e.tagName !== "A" || e.matches(".button, nav a, aside a, dd a"))
  .filter((e) => e.type !== "hidden" && e.type !== "checkbox" && !e.closest(".contents"))
  .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])
  .filter(([, height]) => height > 0 && height < 44)
"""
FOCUSED = "document.activeElement.id || document.activeElement.className"


def test_axe_finds_nothing(page: Page) -> None:
    """axe-core finds nothing, best practices included: narrow and light, wide and dark."""
    assert find_accessibility_faults(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="dark")
    assert find_accessibility_faults(page) == []


def test_targets_are_large_enough(page: Page) -> None:
    """What is pressed is 44 px high or more; links within a sentence are as high as it is."""
    assert page.evaluate(SMALL_TARGETS) == []


def test_focus_goes_to_the_faults_then_to_the_field(show_page: ShowPage) -> None:
    """After a refused form the focus is on the summary, whose links lead to the fields."""
    page = show_page("account-errors")
    assert "notice-error" in page.evaluate(FOCUSED)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "email"


def test_tab_order_follows_the_form(show_page: ShowPage) -> None:
    """The keyboard goes through the login form in the order in which it is read."""
    page = show_page("login")
    page.locator("#finess").focus()
    order = []
    for _ in range(5):
        page.keyboard.press("Tab")
        order.append(page.evaluate(f"{FOCUSED} || document.activeElement.textContent"))
    assert order == ["password", "reveal", "Mot de passe oublié", "shared_computer", "login-submit"]


def test_skip_link_comes_first(show_page: ShowPage) -> None:
    """The first Tab shows a link that leads past the brand."""
    page = show_page("proof")
    page.keyboard.press("Tab")
    assert page.locator(".skip").bounding_box()["y"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "contenu"


@pytest.mark.parametrize("name", ["account", "update-account"])
def test_time_limits_are_told(name: str, show_page: ShowPage) -> None:
    """A step that must be done in time says how long one has (WCAG 2.2.1)."""
    assert page_says(show_page(name), "Vous avez 15 minutes")


def page_says(page: Page, text: str) -> bool:
    """Say whether the main part has this text, whatever its spaces."""
    said = page.locator("main").inner_text()
    return text in said.replace("\u00a0", " ")
