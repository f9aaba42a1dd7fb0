"""Debian's Chromium, driven by Playwright, and axe-core in its pages."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright

AXE = Path(__file__).parents[1] / "relying_parties/node_modules/axe-core/axe.min.js"

ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def launch_chromium(
    playwright: Playwright, *more_arguments: str, is_whole: bool = False
) -> Browser:
    """Start a headless Chromium; it asks nothing of any host but those its pages name.

    The headless shell has all that draws pages and sends requests. The whole browser adds what
    surrounds them (password manager, settings of sites), and draws its own toolbar unseen: that
    costs more than the pages of these tests.
    """
    program = "chromium" if is_whole else "chromium-headless-shell"
    # Chromium's sandbox refuses root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(
        executable_path=shutil.which(program), args=[*ARGUMENTS, *sandbox, *more_arguments]
    )


@contextmanager
def opening_pages(browser: Browser, **defaults: Any) -> Iterator[Callable[..., Page]]:  # noqa: ANN401 - Playwright's
    """Give a function that opens an empty page in a browser profile of its own, speaking French.

    It takes the options of Playwright's `new_context` (java_script_enabled, viewport ...), and so
    does this. What was opened is closed at the end of the `with`.
    """
    french = {"locale": "fr-FR", "timezone_id": "Europe/Paris", **defaults}
    with ExitStack() as opened:

        def open_one(**options: Any) -> Page:  # noqa: ANN401 - Playwright's
            context = browser.new_context(**{**french, **options})
            opened.callback(context.close)
            return context.new_page()

        yield open_one


def find_accessibility_faults(page: Page) -> list[str]:
    """Return what axe-core (WCAG 2.2 AA and best practices) finds wrong: rule, then elements."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    faults = page.evaluate("tags => axe.run({runOnly: tags}).then(r => r.violations)", tags)
    return [
        f"{fault['id']} ({fault['help']}): {[node['target'] for node in fault['nodes']]}"
        for fault in faults
    ]
