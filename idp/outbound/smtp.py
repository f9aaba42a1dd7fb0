"""How a mail is handed to the mail server: one connection a batch, encrypted unless on loopback."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY

from idp.outbound.failures import DeferredError, RefusedError, TransportDownError


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail goes; `security` is "starttls" (required, never best effort), "tls" or "none"."""

    host: str
    port: int
    security: str = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    timeout: timedelta = timedelta(seconds=20)


class SmtpTransport:
    """Sends mails over a connection that is kept until `close`; for one thread."""

    def __init__(self, server: MailServer, ssl_context: ssl.SSLContext | None = None) -> None:
        """Take the server, and the authorities to trust where they are not the public ones."""
        self._server = server
        self._ssl_context = ssl_context or ssl.create_default_context()
        self._connection: smtplib.SMTP | None = None

    def send(self, message: EmailMessage, *, sender: str, recipient: str) -> None:
        """Hand one mail over; when this returns, the mail server has it.

        Raises:
            RefusedError: this mail will never be taken (5xx for its recipient or content).
            DeferredError: this mail may be taken later (4xx).
            TransportDownError: no mail at all can be sent now.

        """
        try:
            connection = self._connection or self._connect()
            _transmit(connection, message, sender=sender, recipient=recipient)
        except smtplib.SMTPRecipientsRefused as error:
            code, reason = next(iter(error.recipients.values()))
            self._reset()
            raise _judge(code, reason) from error
        except smtplib.SMTPDataError as error:
            self._reset()
            raise _judge(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise TransportDownError(_describe(error)) from error

    def check(self) -> None:
        """Connect, encrypt and sign in as `send` would, then leave.

        Raises:
            TransportDownError: what hinders it.

        """
        try:
            self._connect()
        except (smtplib.SMTPException, OSError) as error:
            raise TransportDownError(_describe(error)) from error
        finally:
            self.close()

    def close(self) -> None:
        """Leave the server; the next mail connects anew."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        timeout = self._server.timeout.total_seconds()
        if self._server.security == "tls":
            self._connection = smtplib.SMTP_SSL(
                self._server.host, self._server.port, timeout=timeout, context=self._ssl_context
            )
        else:
            self._connection = smtplib.SMTP(self._server.host, self._server.port, timeout=timeout)
        if self._server.security == "starttls":
            self._connection.starttls(context=self._ssl_context)
        if self._server.username:
            self._connection.login(self._server.username, self._server.password)
        self._connection.ehlo_or_helo_if_needed()
        return self._connection

    def _reset(self) -> None:
        """Make the connection fit for the next mail, or leave it."""
        try:
            if self._connection is not None:
                self._connection.rset()
        except (smtplib.SMTPException, OSError):
            self.close()


def _transmit(
    connection: smtplib.SMTP, message: EmailMessage, *, sender: str, recipient: str
) -> None:
    """Send as 8bit where the server takes it (links stay readable on one line), else as base64."""
    takes_8bit = connection.has_extn("8bitmime")
    options = ["BODY=8BITMIME"] if takes_8bit else []
    policy = SMTP_POLICY.clone(cte_type="8bit" if takes_8bit else "7bit")
    if not recipient.isascii():
        if not connection.has_extn("smtputf8"):
            raise RefusedError("the mail server takes no address with accents (SMTPUTF8)")
        options.append("SMTPUTF8")
        policy = policy.clone(utf8=True)
    connection.sendmail(sender, [recipient], message.as_bytes(policy=policy), options)


def _judge(code: int, reason: bytes | str) -> DeferredError | RefusedError:
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    sentence = f"{code} {text}"
    return RefusedError(sentence) if code >= 500 else DeferredError(sentence)  # noqa: PLR2004


def _describe(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {error.smtp_error!r}"
    return f"{type(error).__name__}: {error}"
