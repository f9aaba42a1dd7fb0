"""Reads a drawn page as its tests ask about it: elements, and the text that people see."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

from idp.web.gallery import Gallery, GalleryPage, list_mails, list_pages
from tests.support.processes import REPOSITORY

TEMPLATES = REPOSITORY / "templates"
STATIC = REPOSITORY / "idp/web/static"
GALLERY = Gallery(TEMPLATES)
PAGES = {page.name: page for page in list_pages()}
MAILS = {mail.name: mail for mail in list_mails()}

_SPOKEN = ("alt", "aria-label", "title", "content")
_UNSEEN = {"style", "script"}
_VOID = {"meta", "link", "input", "img", "br", "path", "rect"}


class Element(NamedTuple):
    """One start tag: its name and attributes ("" for those without a value)."""

    tag: str
    attributes: dict[str, str]


class ReadPage(HTMLParser):
    """A page taken apart: `elements` in order, `texts` as people see or hear them."""

    def __init__(self, html: str) -> None:
        """Read the whole page."""
        super().__init__()
        self.elements: list[Element] = []
        self.texts: list[str] = []
        self._open: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element, and what is said of it."""
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)
        if tag not in {"meta", "link"}:
            self.texts += [
                element.attributes[name] for name in _SPOKEN if name in element.attributes
            ]

    def handle_endtag(self, tag: str) -> None:
        """Close the element."""
        if tag not in _VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Keep what is seen; names that are no words (translate="no") are left out."""
        is_seen = all(
            element.tag not in _UNSEEN and element.attributes.get("translate") != "no"
            for element in self._open
        )
        if is_seen and data.strip():
            self.texts.append(data.strip("\n"))

    def find(self, tag: str, **attributes: str) -> Iterator[dict[str, str]]:
        """Yield the attributes of the elements with this tag and these attributes."""
        for element in self.elements:
            if element.tag == tag and attributes.items() <= element.attributes.items():
                yield element.attributes

    @property
    def text(self) -> str:
        """Everything that is seen or heard, in one string."""
        return " ".join(self.texts)


def read_page(page: GalleryPage) -> ReadPage:
    """Draw and read one page."""
    return ReadPage(GALLERY.draw_page(page))
