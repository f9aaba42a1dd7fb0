"""Mail handed to a real mail server: encrypted, signed in, refused, slow, away for an hour."""

import socket
import ssl
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from idp.outbound.delivery import Delivery
from idp.outbound.failures import DeferredError, RefusedError, TransportDownError
from idp.outbound.mail_message import MailRenderer, Sender
from idp.outbound.mails import MailHandler
from idp.outbound.ports import OutboxKind, OutboxState
from idp.outbound.retry import RetryPolicy
from idp.outbound.smtp import MailServer, SmtpTransport
from idp.secret_values import SecretKey, SecretKeys
from tests.support.certificates import Certificate, make_certificate
from tests.support.network import LOOPBACK
from tests.support.smtp_server import SmtpServer
from tests.unit.outbound.fakes import MemoryQueue, MemoryUnit, MovableClock, make_item

SENDER = "noreply@mnspf.fr"
RECIPIENT = "camille@exemple.fr"
CREDENTIALS = ("idp", "a-mail-password")
TEMPLATES = Path(__file__).parents[2] / "unit" / "outbound" / "templates"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate of 127.0.0.1 that is its own authority."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def trust(certificate: Certificate) -> ssl.SSLContext:
    """A context that trusts that certificate."""
    return ssl.create_default_context(cafile=certificate.certificate)


def address(
    server: SmtpServer, *, security: str = "none", username: str = "", password: str = ""
) -> MailServer:
    """Return where this server listens, unencrypted unless told."""
    return MailServer(
        host=server.host,
        port=server.port,
        security=security,
        username=username,
        password=password,
    )


def make_mail(subject: str = "Bonjour") -> EmailMessage:
    """Return a mail with a long link and French text."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = SENDER, RECIPIENT, subject
    mail.set_content(
        "Votre lien d’activation :\nhttps://connexion.mnspf.fr/" + "é" * 90, cte="8bit"
    )
    return mail


def send(transport: SmtpTransport, recipient: str = RECIPIENT) -> None:
    """Send a mail and leave."""
    try:
        transport.send(make_mail(), sender=SENDER, recipient=recipient)
    finally:
        transport.close()


def test_mail_arrives_byte_for_byte(smtp_server: SmtpServer) -> None:
    """Where the server takes 8bit, the text travels as it is."""
    send(SmtpTransport(address(smtp_server)))
    mail = smtp_server.mails[0]
    assert (mail.sender, mail.recipients) == (SENDER, (RECIPIENT,))
    assert ("https://connexion.mnspf.fr/" + "é" * 90).encode() in mail.raw.splitlines()


def test_one_connection_serves_a_batch(smtp_server: SmtpServer) -> None:
    """Between `close`s one connection is used."""
    transport = SmtpTransport(address(smtp_server))
    for _ in range(3):
        transport.send(make_mail(), sender=SENDER, recipient=RECIPIENT)
    connection = transport._connection  # noqa: SLF001 - the fact is about it
    transport.send(make_mail(), sender=SENDER, recipient=RECIPIENT)
    assert transport._connection is connection  # noqa: SLF001
    transport.close()
    assert len(smtp_server.mails) == 4


def test_connection_that_was_cut_is_made_anew(smtp_server: SmtpServer) -> None:
    """A server restarted between two mails costs one pause, and no mail."""
    transport = SmtpTransport(address(smtp_server))
    transport.send(make_mail(), sender=SENDER, recipient=RECIPIENT)
    smtp_server.stop()
    with pytest.raises(TransportDownError):
        transport.send(make_mail(), sender=SENDER, recipient=RECIPIENT)
    smtp_server.start()
    send(transport)
    assert len(smtp_server.mails) == 2


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_is_sent_encrypted_and_signed_in(
    security: str, certificate: Certificate, trust: ssl.SSLContext
) -> None:
    """With STARTTLS or TLS at once, under user name and password."""
    server = SmtpServer(
        certificate=certificate, is_tls_implicit=security == "tls", credentials=CREDENTIALS
    )
    username, password = CREDENTIALS
    target = address(server, security=security, username=username, password=password)
    try:
        send(SmtpTransport(target, trust))
    finally:
        server.stop()
    assert len(server.mails) == 1


def test_starttls_is_never_best_effort(smtp_server: SmtpServer) -> None:
    """A server without STARTTLS (or somebody in between who hides it) gets no mail."""
    with pytest.raises(TransportDownError, match="STARTTLS"):
        send(SmtpTransport(address(smtp_server, security="starttls")))
    assert smtp_server.mails == []


def test_unknown_certificate_is_refused(certificate: Certificate) -> None:
    """Encryption to somebody else is none."""
    server = SmtpServer(certificate=certificate)
    try:
        with pytest.raises(TransportDownError, match="certificate"):
            send(SmtpTransport(address(server, security="starttls")))
    finally:
        server.stop()


def test_wrong_credentials_are_told_without_the_password(
    certificate: Certificate, trust: ssl.SSLContext
) -> None:
    """The reason is fit for a log."""
    server = SmtpServer(certificate=certificate, credentials=CREDENTIALS)
    target = address(server, security="starttls", username="idp", password="wrong-password")
    try:
        with pytest.raises(TransportDownError, match="535") as caught:
            SmtpTransport(target, trust).check()
    finally:
        server.stop()
    assert "wrong-password" not in str(caught.value)
    assert "wrong-password" not in repr(target)


@pytest.mark.parametrize(
    "answer, error",
    [("451 4.7.1 Greylisted, try again later", DeferredError), ("554 5.7.1 Spam", RefusedError)],
)
def test_answer_decides_between_later_and_never(
    answer: str, error: type[Exception], smtp_server: SmtpServer
) -> None:
    """4xx is tried again, 5xx is not, and the connection stays good for the next mail."""
    transport = SmtpTransport(address(smtp_server))
    smtp_server.refusal = answer
    with pytest.raises(error, match=answer):
        transport.send(make_mail(), sender=SENDER, recipient=RECIPIENT)
    smtp_server.refusal = None
    send(transport)
    assert len(smtp_server.mails) == 1


def test_recipient_refused_for_good(smtp_server: SmtpServer) -> None:
    """An address that the server cannot read is refused with its words."""
    with pytest.raises(RefusedError, match=r"5\d\d"):
        send(SmtpTransport(address(smtp_server)), recipient="a@@exemple")


def test_address_with_accents_where_the_server_takes_it(smtp_server: SmtpServer) -> None:
    """SMTPUTF8 (RFC 6531) is used when the address wants it."""
    send(SmtpTransport(address(smtp_server)), recipient="hélène@exemple.fr")
    assert smtp_server.mails[0].recipients == ("hélène@exemple.fr",)


@pytest.fixture
def silent_server() -> Iterator[socket.socket]:
    """A server that takes connections and never says a word."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        yield listener


def test_silent_server_is_left_after_the_timeout(silent_server: socket.socket) -> None:
    """A mail server that hangs holds the worker for the timeout, not for ever."""
    target = MailServer(
        host=LOOPBACK,
        port=silent_server.getsockname()[1],
        security="none",
        timeout=timedelta(seconds=0.2),
    )
    with pytest.raises(TransportDownError, match="timed out"):
        send(SmtpTransport(target))


def test_mail_server_down_for_an_hour_loses_and_doubles_nothing(smtp_server: SmtpServer) -> None:
    """Attack case C95: mails wait, all leave after the outage, each once."""
    clock, queue = MovableClock(), MemoryQueue()
    sender = Sender(address=SENDER, name="MNSPF", reply_to=SENDER, domain="connexion.mnspf.fr")
    handler = MailHandler(
        MailRenderer([TEMPLATES], sender, {}),
        SmtpTransport(address(smtp_server)),
        keys=SecretKeys([SecretKey("k" * 32)]),
        sender=SENDER,
    )
    policy = RetryPolicy(lifetime=timedelta(days=3))
    delivery = Delivery(
        OutboxKind.MAIL, handler, open_unit=MemoryUnit(queue).open, policy=policy, clock=clock
    )
    smtp_server.stop()
    for minute in range(60):
        queue.add(make_item(id=f"item-{minute}", next_attempt_at=clock.now()))
        delivery.deliver_due()
        clock.move(timedelta(minutes=1))
    smtp_server.start()
    delivery.deliver_due()
    received = [mail.message["Message-ID"] for mail in smtp_server.mails]
    assert len(received) == len(set(received)) == 60
    assert {item.state for item in queue.items.values()} == {OutboxState.DELIVERED}
