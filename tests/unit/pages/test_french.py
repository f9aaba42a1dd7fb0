"""Pages and mails speak French, with its typography."""

import re
from collections.abc import Callable
from functools import partial

import pytest

from idp.accounts import wording
from idp.web.gallery import GalleryPage
from tests.unit.pages.reading import GALLERY, MAILS, PAGES, STATIC, ReadPage, read_page

ENGLISH = re.compile(
    r"\b(the|and|you|your|our|with|password|login|log in|sign|please|error|click|submit|back|next"
    r"|cancel|account|request|expired|invalid|none|true|false|undefined|welcome|settings|home)\b",
    re.IGNORECASE,
)
# A plain space, or none, where French wants one that does not break (but for links).
LOOSE = re.compile(r"(^|[^\u00a0\u202f])([;!?](?!\w)|»|:(?=\s|$))|«(?!\u00a0)|\.\.\.|'")


def list_page_texts(page: GalleryPage) -> list[str]:
    """Return what is seen or heard on a page."""
    return read_page(page).texts


def list_mail_texts(mail: GalleryPage) -> list[str]:
    """Return what is read in both parts of a mail."""
    html = ReadPage(GALLERY.draw_mail_html(mail))
    return [*html.texts, *GALLERY.draw_mail_text(mail).splitlines()]


DRAWN: dict[str, Callable[[], list[str]]] = {
    **{name: partial(list_page_texts, page) for name, page in PAGES.items()},
    **{f"mail-{name}": partial(list_mail_texts, mail) for name, mail in MAILS.items()},
}
every_part = pytest.mark.parametrize("list_texts", DRAWN.values(), ids=list(DRAWN))


@every_part
def test_no_english(list_texts: Callable[[], list[str]]) -> None:
    """No English word stands on a page or in a mail."""
    assert [text for text in list_texts() if ENGLISH.search(text)] == []


@every_part
def test_punctuation_does_not_come_loose(list_texts: Callable[[], list[str]]) -> None:
    """No-break spaces stand before : ; ! ? » and after «; apostrophes and ellipses are real."""
    assert [text for text in list_texts() if LOOSE.search(text)] == []


@every_part
def test_numbers_stay_with_what_they_count(list_texts: Callable[[], list[str]]) -> None:
    """No line ends between a number and its word."""
    counted = r"\d (caract|chiffre|tentative|conseil|dernier|pixel|heure|minute|seconde|jour)"
    assert [text for text in list_texts() if re.search(counted, text)] == []


@every_part
def test_mail_is_one_word(list_texts: Callable[[], list[str]]) -> None:
    """A « mail », as the guide says: a phone cuts the other spelling at its hyphen."""
    assert [text for text in list_texts() if re.search("e-mail", text, re.IGNORECASE)] == []


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_language_is_declared(page: GalleryPage) -> None:
    """The language of each page is French (RGAA 8.3)."""
    assert list(read_page(page).find("html")) == [{"lang": "fr"}]


def test_scripts_say_what_the_server_says() -> None:
    """A slip in a number is named in the same words before and after the form is sent."""
    script = (STATIC / "finess.js").read_text(encoding="utf-8")
    named = ("missing_key", "wrong_key", "phone", "rpps", "siret", "social_security", "iban")
    assert [name for name in named if wording.FINESS_SLIPS[name] not in script] == []


def test_scripts_speak_french_too() -> None:
    """What a script says keeps its punctuation together."""
    scripts = "".join(file.read_text() for file in STATIC.glob("*.js"))
    said = [text[1:-1] for text in re.findall(r'"[^"\n]*"|`[^`\n]*`', scripts) if " " in text]
    assert len(said) > 10
    assert [text for text in said if re.search(r" [?!;]|[a-zé] :", text)] == []
