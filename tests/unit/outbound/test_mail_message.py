"""What a mail looks like, and that nothing can be injected into it."""

import json
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from idp.outbound.failures import RefusedError
from idp.outbound.mail_message import MailRenderer, Sender
from idp.outbound.mails import MailHandler
from idp.outbound.ports import SECRETS_PURPOSE
from idp.secret_values import SecretKey, SecretKeys
from tests.unit.outbound.fakes import NOW, KeptMails, make_item

LINK = "https://connexion.mnspf.fr/activation?jeton=" + "a1-_" * 40
SENDER = Sender(
    address="noreply@mnspf.fr",
    name="MNSPF",
    reply_to="contact@mnspf.fr",
    domain="connexion.mnspf.fr",
)
KEYS = SecretKeys([SecretKey("k" * 32)])


@pytest.fixture(scope="module")
def renderer() -> MailRenderer:
    """A renderer over the sample templates beside this file."""
    return MailRenderer([Path(__file__).parent / "templates"], SENDER, {})


def read_back(message: EmailMessage) -> EmailMessage:
    """Return the mail as its reader's program sees it."""
    return message_from_bytes(message.as_bytes(), policy=policy.default)


def test_headers(renderer: MailRenderer) -> None:
    """Who it is from, whom to answer, that a machine wrote it, and in which language."""
    mail = read_back(renderer.build(make_item(), {}))
    assert mail["From"] == "MNSPF <noreply@mnspf.fr>"
    assert mail["Reply-To"] == "contact@mnspf.fr"
    assert mail["To"] == "camille@exemple.fr"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "fr"
    assert mail["Date"].datetime == NOW
    assert not [name for name in mail if name.lower().startswith("list-")]


def test_message_id_is_stable(renderer: MailRenderer) -> None:
    """A mail sent twice (a worker killed in between) is recognisable as one."""
    first, second = (renderer.build(make_item(), {}) for _ in range(2))
    assert first["Message-ID"] == second["Message-ID"] == "<item-1@connexion.mnspf.fr>"


def test_both_parts_carry_the_link(renderer: MailRenderer) -> None:
    """Text and HTML are alternatives of one mail, each with the whole link."""
    mail = read_back(renderer.build(make_item(), {"link": LINK}))
    assert mail.get_content_type() == "multipart/alternative"
    parts = [part.get_content_type() for part in mail.iter_parts()]
    assert parts == ["text/plain", "text/html"]
    assert all(LINK in part.get_content() for part in mail.iter_parts())


def test_link_is_on_one_line_of_the_source(renderer: MailRenderer) -> None:
    """Whoever copies the link from the mail's very source gets all of it."""
    message = renderer.build(make_item(), {"link": LINK})
    assert LINK.encode() in message.as_bytes().splitlines()


def test_lines_of_the_source_are_short_enough(renderer: MailRenderer) -> None:
    """No line passes 998 bytes (RFC 5322, 2.1.1): a parameter that long goes as base64."""
    message = renderer.build(make_item(parameters={"name": "é" * 900}), {})
    assert max(map(len, message.as_bytes().splitlines())) <= 998


def test_subject_in_french_survives(renderer: MailRenderer) -> None:
    """Accents and typographic apostrophes come back from the encoded, folded header."""
    mail = read_back(renderer.build(make_item(parameters={"name": "Hélène"}), {}))
    expected = "Bonjour Hélène, voici votre lien d’activation, à utiliser avant demain"
    assert mail["Subject"] == expected


@pytest.mark.parametrize("breaker", ["\r\n", "\n", "\r", "\x00", "\x0b", "\u2028"])
def test_line_break_in_a_parameter_is_refused(renderer: MailRenderer, breaker: str) -> None:
    """No parameter may start a line of its own, in a header or in the text."""
    item = make_item(parameters={"name": f"Camille{breaker}Bcc: all@exemple.fr"})
    with pytest.raises(RefusedError):
        renderer.build(item, {})


@pytest.mark.parametrize(
    "recipient",
    [
        "a@exemple.fr\r\nBcc: b@exemple.fr",
        "a@exemple.fr, b@exemple.fr",
        "a@exemple.fr b@exemple.fr",
        "Camille <a@exemple.fr>",
        "nobody",
        "",
    ],
)
def test_recipient_is_one_address(renderer: MailRenderer, recipient: str) -> None:
    """A recipient that is no plain address is refused, for good."""
    with pytest.raises(RefusedError):
        renderer.build(make_item(recipient=recipient), {})


def test_html_part_escapes_parameters(renderer: MailRenderer) -> None:
    """A name with markup is shown, not obeyed; the text part shows it as it is."""
    mail = read_back(renderer.build(make_item(parameters={"name": "<b>&"}), {}))
    text, html = mail.iter_parts()
    assert "<b>&" in text.get_content()
    assert "&lt;b&gt;&amp;" in html.get_content()


def test_handler_unseals_what_the_template_needs(renderer: MailRenderer) -> None:
    """Link and code rest sealed in the outbox and are read when the mail leaves."""
    kept = KeptMails()
    handler = MailHandler(renderer, kept, keys=KEYS, sender=SENDER.address)
    sealed = KEYS.seal(SECRETS_PURPOSE, json.dumps({"link": LINK}))
    handler.deliver(make_item(sealed_secrets=sealed), NOW)
    assert LINK in kept.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_secrets_under_a_lost_key_end_the_mail(renderer: MailRenderer) -> None:
    """What cannot be unsealed will never be: the mail is dead, with a reason."""
    handler = MailHandler(renderer, KeptMails(), keys=KEYS, sender=SENDER.address)
    sealed = SecretKeys([SecretKey("x" * 32)]).seal(SECRETS_PURPOSE, "{}")
    with pytest.raises(RefusedError):
        handler.deliver(make_item(sealed_secrets=sealed), NOW)
