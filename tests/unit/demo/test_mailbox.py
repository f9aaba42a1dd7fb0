"""The demo's mailbox: what comes over SMTP is kept, and shown without being obeyed."""

import re
import smtplib
from email.message import EmailMessage
from html import unescape
from pathlib import Path

import pytest
from werkzeug.test import Client

from idp.demo.mail_store import MailStore
from idp.demo.mailbox import build_mail_server, build_mailbox
from tests.support.network import LOOPBACK, free_port
from tests.unit.outbound.fakes import MovableClock

LINK = "http://127.0.0.1:8000/activation/abc?x=1&y=2"


@pytest.fixture
def store(tmp_path: Path) -> MailStore:
    """An empty mailbox."""
    return MailStore(tmp_path / "mails", MovableClock())


@pytest.fixture
def reader(store: MailStore) -> Client:
    """A browser that opens the mailbox."""
    return build_mailbox(store).test_client()


def make_mail() -> EmailMessage:
    """Return a mail with both parts."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "MNSPF <noreply@mnspf.fr>", "camille@exemple.fr"
    mail["Subject"] = "Activez votre compte à l’espace <Santé>"
    mail["Date"] = "Mon, 02 Mar 2026 09:30:00 +0000"
    mail.set_content(f"Bonjour,\n\n{LINK}\n")
    mail.add_alternative(f'<a href="{LINK}">Activer</a><script>alert(1)</script>', subtype="html")
    return mail


def keep(store: MailStore) -> str:
    """Keep a mail and return its page's address."""
    store.keep(make_mail().as_bytes())
    return f"/mails/{store.find_all()[0].name}"


def test_mail_over_smtp_is_kept_and_survives(store: MailStore, tmp_path: Path) -> None:
    """What the mail server took is there for the next start of the demo."""
    port = free_port()
    server = build_mail_server(store, LOOPBACK, port)
    server.start()
    with smtplib.SMTP(LOOPBACK, port) as sender:
        sender.send_message(make_mail())
    server.stop()
    kept = MailStore(tmp_path / "mails", MovableClock()).find_all()
    assert [mail.header("To") for mail in kept] == ["camille@exemple.fr"]


def test_empty_mailbox_says_so(reader: Client) -> None:
    """Before the first mail the page says what it waits for, and looks again by itself."""
    page = reader.get("/").text
    assert "Aucun message" in page
    assert 'http-equiv="refresh"' in page


def test_list_names_the_mails(store: MailStore, reader: Client) -> None:
    """Subject, decoded and escaped, and recipient."""
    keep(store)
    page = reader.get("/").text
    assert "Activez votre compte à l’espace &lt;Santé&gt;" in page
    assert "camille@exemple.fr" in page


def test_text_part_has_a_link_to_click(store: MailStore, reader: Client) -> None:
    """The link of the text part is a link, whole."""
    page = reader.get(keep(store)).text
    shown = re.search(r'<pre id="mail-text">.*?href="([^"]+)"', page, re.DOTALL)
    assert shown
    assert unescape(shown[1]) == LINK


def test_html_part_is_shown_in_a_sandbox(store: MailStore, reader: Client) -> None:
    """It runs no script and loads nothing; its links open in a new tab."""
    answer = reader.get(keep(store))
    frame = re.search(r"<iframe[^>]*>", answer.text)
    assert frame
    assert "allow-scripts" not in frame[0]
    assert "allow-popups" in frame[0]
    document = unescape(re.findall(r'srcdoc="([^"]*)"', frame[0])[0])
    assert document.startswith('<base target="_blank">')
    assert f'<a href="{LINK}">' in document
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_source_is_what_came(store: MailStore, reader: Client) -> None:
    """The whole mail can be looked at, as text."""
    answer = reader.get(f"{keep(store)}/source")
    assert answer.mimetype == "text/plain"
    assert "Content-Type: multipart/alternative" in answer.text


@pytest.mark.parametrize("name", ["nothing", "..%2Fdemo-secrets", "*"])
def test_unknown_mail_is_not_found(name: str, store: MailStore, reader: Client) -> None:
    """Names lead to mails alone, never to another file of the demo's folder."""
    keep(store)
    assert reader.get(f"/mails/{name}").status_code == 404
