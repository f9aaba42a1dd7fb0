"""What a mail looks like: its templates rendered, its headers set, nothing injected.

`templates/mails/NAME.txt` sets `subject` and gives the text part, `NAME.html` the HTML part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from unicodedata import category

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from idp.outbound.failures import RefusedError
from idp.outbound.ports import OutboxItem

_POLICY = SMTP.clone(cte_type="8bit")
_MAX_LINE_BYTES = 998  # RFC 5322 2.1.1
_LINE_BREAKERS = frozenset({"Cc", "Zl", "Zp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Whom mails are from, whom answers go to, and the domain that names their Message-ID."""

    address: str
    name: str
    reply_to: str
    domain: str


class MailRenderer:
    """Builds the message of an outbox item; templates are compiled once."""

    def __init__(
        self, folders: Sequence[Path], sender: Sender, shared: Mapping[str, object]
    ) -> None:
        """Take the template folders, an operator's before the shipped one, and what mails share."""
        self._environment = Environment(
            loader=FileSystemLoader(folders),
            autoescape=select_autoescape(("html",)),
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(shared)
        self._sender = sender

    def build(self, item: OutboxItem, secrets: Mapping[str, str]) -> EmailMessage:
        """Return the mail of `item`, the same each time but for its boundary.

        Raises:
            RefusedError: a parameter or the recipient could inject a line, or is no address.

        """
        context = {**item.parameters, **secrets}
        _refuse_control_characters([item.recipient, *context.values()])
        text = self._environment.get_template(f"mails/{item.template}.txt").make_module(context)
        html = self._environment.get_template(f"mails/{item.template}.html").render(context)
        message = EmailMessage(_POLICY)
        message.set_content(f"{str(text).strip()}\n", cte=_choose_encoding(str(text)))
        message.add_alternative(html, subtype="html", cte=_choose_encoding(html))
        self._address(message, item, subject=str(text.subject))  # type: ignore[attr-defined]
        return message

    def _address(self, message: EmailMessage, item: OutboxItem, *, subject: str) -> None:
        try:
            message["To"] = Address(addr_spec=item.recipient)
        except (MessageError, ValueError, IndexError) as error:
            raise RefusedError("the recipient is not an e-mail address") from error
        message["From"] = Address(self._sender.name, addr_spec=self._sender.address)
        message["Reply-To"] = self._sender.reply_to
        message["Subject"] = subject
        message["Date"] = item.created_at
        message["Message-ID"] = f"<{item.id}@{self._sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = "fr"


def _choose_encoding(content: str) -> str:
    """Leave the text as it is, so that a link stays on one line even in the mail's source."""
    longest = max((len(line.encode()) for line in content.splitlines()), default=0)
    return "8bit" if longest <= _MAX_LINE_BYTES else "base64"


def _refuse_control_characters(values: Sequence[str]) -> None:
    if any(category(character) in _LINE_BREAKERS for value in values for character in value):
        raise RefusedError("a parameter holds a control character")
