"""Delivers mails: unseals, renders, hands over to the mail server."""

import json
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol

from idp.outbound.failures import RefusedError
from idp.outbound.mail_message import MailRenderer
from idp.outbound.ports import SECRETS_PURPOSE, OutboxItem
from idp.secret_values import SealBrokenError, SecretKeys


class MailTransport(Protocol):
    """Something that takes mails: the mail server, or a test's list."""

    def send(self, message: EmailMessage, *, sender: str, recipient: str) -> None:
        """Hand one mail over, or raise one of `idp.outbound.failures`."""

    def close(self) -> None:
        """Let go of the connection."""


class MailHandler:
    """Delivers items whose `recipient` is an address."""

    def __init__(
        self, renderer: MailRenderer, transport: MailTransport, *, keys: SecretKeys, sender: str
    ) -> None:
        """Take the keys that unseal links and codes, and the envelope's sender (for bounces)."""
        self._renderer = renderer
        self._transport = transport
        self._keys = keys
        self._sender = sender

    def deliver(self, item: OutboxItem, now: datetime) -> None:  # noqa: ARG002 - a handler is told
        """Send one mail; one to nobody only made an answer take as long, and is done.

        Raises:
            RefusedError: it cannot be read, or the mail server will never take it.
            DeferredError: the mail server may take it later.
            TransportDownError: the mail server takes nothing now.

        """
        if not item.recipient:
            return
        message = self._renderer.build(item, self._unseal(item))
        self._transport.send(message, sender=self._sender, recipient=item.recipient)

    def end_batch(self) -> None:
        """Leave the mail server: one connection serves a batch."""
        self._transport.close()

    def _unseal(self, item: OutboxItem) -> dict[str, str]:
        if not item.sealed_secrets:
            return {}
        try:
            unsealed: dict[str, str] = json.loads(
                self._keys.unseal(SECRETS_PURPOSE, item.sealed_secrets)
            )
        except SealBrokenError as error:
            raise RefusedError("its link and code were sealed under a key that is gone") from error
        return unsealed
