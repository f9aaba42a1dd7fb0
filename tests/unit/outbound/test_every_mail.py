"""Every mail of templates/mails, made as it leaves."""

from email.message import EmailMessage

import pytest

from idp.outbound.mail_message import MailRenderer, Sender
from idp.web.gallery import GalleryPage, list_mails
from idp.web.gallery.samples import build_house
from idp.web.house import build_mail_globals
from tests.support.processes import REPOSITORY
from tests.unit.outbound.fakes import make_item

MAILS = list_mails()


@pytest.fixture(scope="module")
def renderer() -> MailRenderer:
    """The shipped templates."""
    sender = Sender(
        address="noreply@mnspf.fr",
        name="MNSPF",
        reply_to="contact@mnspf.fr",
        domain="connexion.mnspf.fr",
    )
    folder = REPOSITORY / "templates"
    return MailRenderer([folder], sender, build_mail_globals(build_house()))


def build(renderer: MailRenderer, mail: GalleryPage) -> EmailMessage:
    """Make the mail of an example."""
    parameters = {name: str(value) for name, value in mail.context.items()}
    return renderer.build(make_item(template=mail.name, parameters=parameters), {})


def test_every_template_has_an_example() -> None:
    """No mail escapes the tests below."""
    files = {file.stem for file in (REPOSITORY / "templates" / "mails").glob("*.txt")} - {"frame"}
    assert {mail.name for mail in MAILS} == files


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.name)
def test_mail_travels_as_it_is_written(mail: GalleryPage, renderer: MailRenderer) -> None:
    """Both parts go as 8bit: no line is too long, none is folded, links stay whole."""
    message = build(renderer, mail)
    encodings = [part["Content-Transfer-Encoding"] for part in message.iter_parts()]
    assert encodings == ["8bit", "8bit"]
    assert message["Subject"]


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.name)
def test_link_stands_alone_on_its_line(mail: GalleryPage, renderer: MailRenderer) -> None:
    """A link of the text part shares its line with nothing that could be copied with it."""
    text = build(renderer, mail).get_body(("plain",))
    assert text
    link = str(mail.context.get("link", "https://connexion.mnspf.fr/securite"))
    lines = text.get_content().splitlines()
    assert link in lines if "link" in mail.context else any(link in line for line in lines)
