"""What leaves, leaves through here: mails and logout notices, queued in one transaction with why.

The secrets of a mail (its link, its code) rest sealed under a key that is not in the database.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from idp.outbound.ports import SECRETS_PURPOSE, OutboxKind, OutboxState
from idp.secret_values import SecretKeys, random_id
from idp.store.outbox_queue import SqlOutboxQueue
from idp.store.statements import insert_or_ignore
from idp.store.tables import outbox
from idp.store.transaction import Transaction

ADD = insert_or_ignore(outbox, outbox.c.dedupe_key)


class SqlOutbox(SqlOutboxQueue):
    """Implements `idp.accounts.ports.Outbox` and `idp.outbound.ports.OutboxQueue`."""

    def __init__(self, transaction: Transaction, keys: SecretKeys) -> None:
        super().__init__(transaction)
        self._keys = keys

    def enqueue_mail(
        self,
        template: str,
        *,
        to: str,
        parameters: Mapping[str, str],
        secrets: Mapping[str, str] | None = None,
        expires_at: datetime | None = None,
        now: datetime,
    ) -> None:
        """Queue one mail; its secrets are sealed."""
        sealed = self._keys.seal(SECRETS_PURPOSE, json.dumps(dict(secrets))) if secrets else None
        self._enqueue(
            kind=OutboxKind.MAIL,
            template=template,
            recipient=to,
            parameters=dict(parameters),
            sealed_secrets=sealed,
            dedupe_key=None,
            expires_at=expires_at,
            now=now,
        )

    def enqueue_logout_notice(self, client_id: str, sub: str, *, sid: str, now: datetime) -> None:
        """Queue the notice that a session ended, once for each client and session.

        It has no end of its own: the setting says how long a site that is away is told again.
        """
        self._enqueue(
            kind=OutboxKind.LOGOUT,
            template="",
            recipient=client_id,
            parameters={"sub": sub, "sid": sid},
            sealed_secrets=None,
            dedupe_key=f"logout {client_id} {sid}",
            expires_at=None,
            now=now,
        )

    def _enqueue(self, *, now: datetime, **values: Any) -> None:  # noqa: ANN401 - the columns
        self._transaction.change_later(
            ADD,
            {
                "id": random_id(),
                "state": OutboxState.WAITING,
                "attempts": 0,
                "created_at": now,
                "next_attempt_at": now,
                **values,
            },
        )
