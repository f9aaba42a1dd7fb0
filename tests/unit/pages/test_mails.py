"""Mails are safe to receive, and useful with images off, styles off and links broken."""

import re

import pytest

from idp.web.gallery import GalleryPage
from tests.unit.pages.reading import GALLERY, MAILS, ReadPage

every_mail = pytest.mark.parametrize("mail", MAILS.values(), ids=list(MAILS))
LINK_MAILS = [MAILS[name] for name in MAILS if "link" in MAILS[name].context]
MAY_REACH_A_STRANGER = ("activation", "email_change_confirm", "reset")


@every_mail
def test_mail_says_whom_to_call(mail: GalleryPage) -> None:
    """Phone, address, signature and the line against phishing are in both parts."""
    for part in (GALLERY.draw_mail_text(mail), ReadPage(GALLERY.draw_mail_html(mail)).text):
        assert "05 62 13 20 20" in part
        assert "contact@mnspf.fr" in part
        assert "La mutuelle nationale des sapeurs-pompiers de France" in part
        assert "Restez vigilant" in part


@every_mail
def test_mail_has_no_picture_and_no_table(mail: GalleryPage) -> None:
    """Nothing is fetched when a mail is opened, and it is read in the order it is written."""
    tags = {element.tag for element in ReadPage(GALLERY.draw_mail_html(mail)).elements}
    assert tags & {"img", "table", "script", "link", "form", "iframe"} == set()


@every_mail
def test_both_parts_say_the_same(mail: GalleryPage) -> None:
    """Each paragraph of the text part is in the HTML part too."""
    html = re.sub(r"\s+", " ", ReadPage(GALLERY.draw_mail_html(mail)).text)
    paragraphs = GALLERY.draw_mail_text(mail).partition("Une question")[0].split("\n\n")[1:-1]
    missing = [text for text in paragraphs if re.sub(r"\s+", " ", text) not in html]
    assert [text for text in missing if not text.endswith("\u00a0:") and "Code" not in text] == []


@pytest.mark.parametrize("mail", LINK_MAILS, ids=lambda mail: mail.name)
def test_link_is_alone_on_its_line(mail: GalleryPage) -> None:
    """The full link stands alone in the text, and in the HTML as a button and as text."""
    link = mail.context["link"]
    assert link in GALLERY.draw_mail_text(mail).splitlines()
    html = GALLERY.draw_mail_html(mail)
    assert len(list(ReadPage(html).find("a", href=link))) == 2
    assert f">{link}</a>" in html


@every_mail
def test_every_address_can_be_pressed(mail: GalleryPage) -> None:
    """An address of ours in the HTML part stands in a link: no sentence asks to copy it."""
    html = GALLERY.draw_mail_html(mail)
    assert re.findall(r"https://[^<\"]*(?=<(?!/a>))", html) == []


@every_mail
def test_phone_number_is_not_cut(mail: GalleryPage) -> None:
    """Within a sentence the number to call stays on one line."""
    sentences = GALLERY.draw_mail_text(mail).partition("Une question")[0]
    assert "05 62 13 20 20" not in sentences


@every_mail
def test_links_lead_home(mail: GalleryPage) -> None:
    """Every link of a mail leads to the issuer, as its own last line says."""
    links = [found["href"] for found in ReadPage(GALLERY.draw_mail_html(mail)).find("a")]
    homes = ("https://connexion.mnspf.fr/", "tel:", "mailto:contact@mnspf.fr")
    assert [link for link in links if not link.startswith(homes)] == []


@pytest.mark.parametrize("name", MAY_REACH_A_STRANGER)
def test_mail_that_may_reach_a_stranger_names_nobody(name: str) -> None:
    """An address not yet confirmed learns no FINESS; a code alone never names its number."""
    assert "75\u00a0000\u00a0123" not in GALLERY.draw_mail_text(MAILS[name])
    assert "finess" not in MAILS[name].context


def test_new_address_is_masked() -> None:
    """The former address learns of the change, not the whole of the new address."""
    text = GALLERY.draw_mail_text(MAILS["email_changed_undo"])
    assert "m…e@orange.fr" in text
    assert "martin" not in text


def test_set_address_promises_no_undo() -> None:
    """Where the help desk set the address it is changed at once: only the phone undoes it."""
    text = GALLERY.draw_mail_text(MAILS["email_set_notice"])
    assert "a été remplacée par m…e@orange.fr" in text.replace("\u00a0", " ")
    assert "confirm" not in text
    assert "annul" not in text
