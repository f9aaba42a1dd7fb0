"""Every page and mail, as it looks: narrow and wide, light and dark, on paper."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.browser.gallery.conftest import ShowPage

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (375, 1280)
HEIGHT = 900
OVERFLOW = "document.documentElement.scrollWidth > window.innerWidth"
# The browser keeps the shifts it saw, and tells them to whoever asks later.
SHIFTS = """
new Promise((done) => {
  let shifted = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((e) => { shifted += e.value; }))
    .observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(shifted))));
})
"""


def test_nothing_moves_while_it_loads(page: Page) -> None:
    """Nothing shifts while the page loads and its scripts run."""
    # First of all tests: what another width moves would count too.
    assert page.evaluate(SHIFTS) == 0


def test_pictures(state: str, page: Page, tmp_path: Path) -> None:
    """The state can be pictured at both widths in both schemes, and no two pictures are alike."""
    pictures = set()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            file = tmp_path / f"{state}-{width}-{scheme}.jpeg"
            pictures.add(page.screenshot(path=file, full_page=True))
    assert len(pictures) == len(WIDTHS) * len(SCHEMES)


def test_nothing_is_cut(page: Page) -> None:
    """It never scrolls sideways: at 320 px, which is 1280 at 400 % (WCAG 1.4.10), and on 4K."""
    for width in (320, 3840):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert not page.evaluate(OVERFLOW)


def list_places(page: Page, shape: str) -> list[tuple[int, int]]:
    """Return where each element of this shape begins, in pixels."""
    boxes = [found.bounding_box() for found in page.locator(shape).all()]
    return [(round(box["x"]), round(box["y"])) for box in boxes if box]


def test_everything_begins_on_one_line(show_page: ShowPage) -> None:
    """On a tablet, brand, text and foot begin where the form does."""
    page = show_page("login", viewport={"width": 800, "height": HEIGHT})
    places = list_places(page, ".brand, h1, #finess, .question h2, .signature")
    assert len(places) == 5
    assert len({x for x, _ in places}) == 1


def test_tabs_stand_on_one_line(show_page: ShowPage) -> None:
    """On a desktop the pages of Mon compte are one row."""
    page = show_page("overview", viewport={"width": WIDTHS[1], "height": HEIGHT})
    assert len({y for _, y in list_places(page, ".account-nav a")}) == 1


@pytest.mark.parametrize("shape", [".button-primary", ".notice-error", "#finess"])
def test_forced_colours_keep_the_shapes(shape: str, show_page: ShowPage) -> None:
    """In forced-colours mode buttons, boxes and fields keep a border to be seen by."""
    page = show_page("login-failed", forced_colors="active")
    width = page.locator(shape).first.evaluate("e => getComputedStyle(e).borderTopWidth")
    assert float(width.removesuffix("px")) >= 1


def test_print_leaves_out_what_paper_cannot_do(show_page: ShowPage) -> None:
    """On paper the words stay; buttons and navigation do not."""
    page = show_page("check-mail")
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert not page.locator("#resend-submit").is_visible()
    assert not page.locator(".foot-links").is_visible()
