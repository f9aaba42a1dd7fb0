"""A real mail server that keeps what it receives."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.certificates import Certificate
from tests.support.network import LOOPBACK, free_port, wait_until


@dataclass(frozen=True)
class ReceivedMail:
    """A mail as the server received it."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    raw: bytes


class SmtpServer:
    """A running server; `stop` and `start` keep its port and the mails received.

    Args:
        certificate: with one, STARTTLS is required before anything is sent,
        is_tls_implicit: ... or TLS from the first byte on, where this is true.
        credentials: with these (user name, password), signing in is required too.
    """

    def __init__(
        self,
        *,
        certificate: Certificate | None = None,
        is_tls_implicit: bool = False,
        credentials: tuple[str, str] | None = None,
    ) -> None:
        self.host = LOOPBACK
        self.port = free_port()
        self.mails: list[ReceivedMail] = []
        self.refusal: str | None = None
        """An answer such as "451 Try again later" given to every mail while it is set."""
        self._credentials = credentials
        tls = make_tls_context(certificate) if certificate else None
        self._tls = tls if is_tls_implicit else None
        self._starttls = None if is_tls_implicit else tls
        self.start()

    def start(self) -> None:
        """Start the server and return when it listens."""
        self._controller = Controller(
            self,
            hostname=self.host,
            port=self.port,
            ssl_context=self._tls,
            tls_context=self._starttls,
            require_starttls=self._starttls is not None,
            authenticator=self._authenticate,
            auth_required=self._credentials is not None,
            auth_require_tls=self._starttls is not None,
        )
        self._controller.start()

    def stop(self) -> None:
        """Stop listening; a second call does nothing."""
        self._controller.stop(no_assert=True)

    def wait_for_mail(self, is_wanted: Callable[[ReceivedMail], bool] = bool) -> ReceivedMail:
        """Return the newest mail that is wanted, once there is one."""
        return wait_until(
            lambda: next((mail for mail in reversed(self.mails) if is_wanted(mail)), None),
            what="the mail did not arrive",
        )

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep a mail, or refuse it with `refusal`; returns the answer to the client."""
        if self.refusal:
            return self.refusal
        raw = envelope.original_content or b""
        message = message_from_bytes(raw, policy=policy.default)
        mail = ReceivedMail(envelope.mail_from or "", tuple(envelope.rcpt_tos), message, raw)
        self.mails.append(mail)
        return "250 OK"

    def _authenticate(self, *arguments: object) -> AuthResult:
        given = arguments[-1]
        expected = self._credentials or ("", "")
        is_right = isinstance(given, LoginPassword) and (
            (given.login.decode(), given.password.decode()) == expected
        )
        return AuthResult(success=is_right, handled=False)


def make_tls_context(certificate: Certificate) -> ssl.SSLContext:
    """Return what a server needs in order to speak TLS under this certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.certificate, certificate.key)
    return context
