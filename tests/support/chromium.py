"""Debian's Chromium, driven by Playwright, and axe-core in its pages."""

import os
import shutil
from pathlib import Path

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


def launch_chromium(playwright: Playwright, *more_arguments: str) -> Browser:
    """Start a headless Chromium; it asks nothing of any host but those its pages name."""
    # Chromium's sandbox refuses root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(
        executable_path=shutil.which("chromium"), args=[*ARGUMENTS, *sandbox, *more_arguments]
    )


def find_accessibility_faults(page: Page) -> list[str]:
    """Return what axe-core (WCAG 2.2 AA and best practices) finds wrong: rule, then elements."""
    page.evaluate(AXE.read_text())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    faults = page.evaluate("tags => axe.run({runOnly: tags}).then(r => r.violations)", tags)
    return [
        f"{fault['id']} ({fault['help']}): {[node['target'] for node in fault['nodes']]}"
        for fault in faults
    ]
