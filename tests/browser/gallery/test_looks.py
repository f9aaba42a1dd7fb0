"""Every page and mail, as it looks: narrow and wide, light and dark."""

from pathlib import Path
from typing import Literal

import pytest

from idp.web.gallery import list_mails, list_pages
from tests.browser.gallery.conftest import ShowPage
from tests.conftest import OpenPage

STATES = [page.name for page in list_pages()] + [f"mail-{mail.name}" for mail in list_mails()]
WIDTHS = (375, 1280)
HEIGHT = 900
OVERFLOW = "document.documentElement.scrollWidth > window.innerWidth"
WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => list.getEntries().forEach((e) => { window.shifted += e.value; }))
  .observe({type: "layout-shift", buffered: true});
"""
SHIFTED = """
new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(shifted))))
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_pictures(
    width: int,
    scheme: Literal["light", "dark"],
    open_page: OpenPage,
    show: ShowPage,
    tmp_path: Path,
) -> None:
    """Each state can be pictured at both widths in both schemes; no two schemes look alike."""
    page = open_page(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
    for name in STATES:
        show(page, name)
        page.screenshot(path=tmp_path / f"{name}-{width}-{scheme}.png", full_page=True)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(250, 247, 242)", "dark": "rgb(16, 19, 28)"}[scheme]
    assert len(list(tmp_path.iterdir())) == len(STATES)


@pytest.mark.parametrize("width", [320, 3840])
def test_nothing_is_cut(width: int, open_page: OpenPage, show: ShowPage) -> None:
    """No page scrolls sideways: at 320 px, which is 1280 at 400 % (WCAG 1.4.10), and on 4K."""
    page = open_page(viewport={"width": width, "height": HEIGHT})
    cut = []
    for name in STATES:
        show(page, name)
        cut += [name] if page.evaluate(OVERFLOW) else []
    assert cut == []


def test_nothing_moves_while_it_loads(open_page: OpenPage, show: ShowPage) -> None:
    """No page shifts while it loads and its scripts run."""
    page = open_page(viewport={"width": 375, "height": HEIGHT})
    page.add_init_script(WATCH_SHIFTS)
    moved = []
    for name in STATES:
        show(page, name)
        moved += [name] if page.evaluate(SHIFTED) else []
    assert moved == []


def test_forced_colours_keep_the_shapes(open_page: OpenPage, show: ShowPage) -> None:
    """In forced-colours mode buttons, boxes and fields keep a border to be seen by."""
    page = open_page(forced_colors="active")
    show(page, "login-failed")
    for shape in (".button-primary", ".notice-error", "#finess"):
        width = page.locator(shape).first.evaluate("e => getComputedStyle(e).borderTopWidth")
        assert float(width.removesuffix("px")) >= 1


def test_print_leaves_out_what_paper_cannot_do(open_page: OpenPage, show: ShowPage) -> None:
    """On paper the words stay; buttons and navigation do not."""
    page = open_page()
    show(page, "check-mail")
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert not page.locator("#resend-submit").is_visible()
    assert not page.locator(".foot-links").is_visible()
