"""Stories that people live in Chromium: the kinds of browser, and what each page showed.

A story is lived through once for each kind of browser; each test then looks at one page of it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

PHONE = {"viewport": {"width": 375, "height": 812}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}

Kind = Mapping[str, Any]
"""The options of Playwright's `new_context`."""

KINDS: Mapping[str, Kind] = {
    "desktop": DESKTOP,
    "phone": PHONE,
    "desktop-without-javascript": {**DESKTOP, "java_script_enabled": False},
    "phone-without-javascript": {**PHONE, "java_script_enabled": False},
}


@dataclass(frozen=True)
class Seen:
    """What a page showed: address, text (all spaces plain), claims, and how far it sticks out."""

    address: str
    text: str
    claims: Mapping[str, str]
    overflow: int


Story = Mapping[str, Seen]
"""Each page of a story, by the name of what led there."""


def look(page: Page) -> Seen:
    """Keep what the page shows, once it is all there."""
    page.wait_for_load_state()
    claims = page.locator("[data-claim]").all()
    return Seen(
        address=page.url,
        text=re.sub(r"\s", " ", page.inner_text("body")),
        claims={str(claim.get_attribute("data-claim")): claim.inner_text() for claim in claims},
        overflow=page.evaluate("document.documentElement.scrollWidth - innerWidth"),
    )


def find_wide_pages(story: Story) -> list[str]:
    """Return which pages one would have to scroll sideways."""
    return [name for name, seen in story.items() if seen.overflow > 0]
