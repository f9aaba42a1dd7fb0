"""The mails that the provider sends, read as their recipients do: links, codes, subjects."""

import re
from dataclasses import dataclass, field
from email.message import EmailMessage

from idp.app.outbound import build_mail_renderer
from idp.app.services import Built
from idp.outbound.delivery import Delivery
from idp.outbound.mails import MailHandler
from idp.outbound.ports import OutboxKind
from idp.outbound.retry import RetryPolicy
from idp.web.house import build_mail_globals


@dataclass(frozen=True)
class Mail:
    """A mail that arrived."""

    recipient: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        """Its subject."""
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """Its text part."""
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @property
    def link(self) -> str:
        """The one link in it that carries a token."""
        (link,) = re.findall(r"https://\S+\?token=\S+", self.text)
        return str(link)

    @property
    def code(self) -> str:
        """The verification code in it."""
        (code,) = re.findall(r"^\d{6}$|(?<=: )\d{6}$", self.text, re.MULTILINE)
        return str(code)


@dataclass
class MailList:
    """A mail server that keeps what it is handed (implements `MailTransport`)."""

    mails: list[Mail] = field(default_factory=list)

    def send(self, message: EmailMessage, *, sender: str, recipient: str) -> None:
        """Keep one mail."""
        self.mails.append(Mail(recipient, message))

    def close(self) -> None:
        """Do nothing."""


class Mailbox:
    """Everybody's mailbox: the outbox is delivered when somebody looks."""

    def __init__(self, built: Built) -> None:
        services = built.services
        settings = services.settings
        self._list = MailList()
        handler = MailHandler(
            build_mail_renderer(settings, build_mail_globals(services.house)),
            self._list,
            keys=services.secret_keys,
            sender=settings.mail.sender,
        )
        policy = RetryPolicy(lifetime=settings.outbox.mail_lifetime, lease=settings.outbox.lease)
        self._lane = Delivery(
            OutboxKind.MAIL, handler, open_unit=built.open_unit, policy=policy, clock=services.clock
        )

    def read(self, recipient: str) -> list[Mail]:
        """Return the mails of an address, the earliest first."""
        self._lane.deliver_due()
        return [mail for mail in self._list.mails if mail.recipient == recipient]

    def read_latest(self, recipient: str) -> Mail:
        """Return the latest mail of an address."""
        return self.read(recipient)[-1]
