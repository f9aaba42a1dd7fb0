"""Pushed authorization requests (RFC 9126)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from idp.store.statements import NOW
from idp.store.tables import pushed_requests
from idp.store.transaction import Transaction

THIS_REQUEST = pushed_requests.c.reference_digest == bindparam("which")

ADD = insert(pushed_requests)
FIND = select(pushed_requests).where(THIS_REQUEST)
CONSUME = (
    update(pushed_requests)
    .where(THIS_REQUEST, pushed_requests.c.used_at.is_(None))
    .values(used_at=NOW)
)


class SqlPushedRequests:
    """Implements `idp.protocol.ports.PushedRequests`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(
        self,
        reference_digest: str,
        client_id: str,
        payload: Mapping[str, str],
        *,
        expires_at: datetime,
    ) -> None:
        """Keep the parameters pushed under a reference."""
        values = {
            "reference_digest": reference_digest,
            "client_id": client_id,
            "payload": dict(payload),
            "expires_at": expires_at,
            "used_at": None,
        }
        self._transaction.change_later(ADD, values)

    def find(self, reference_digest: str) -> tuple[str, Mapping[str, str], datetime, bool] | None:
        """Return client id, parameters, expiry and whether it was used."""
        row = self._transaction.read_one(FIND, {"which": reference_digest})
        if row is None:
            return None
        return row.client_id, row.payload, row.expires_at, row.used_at is not None

    def consume(self, reference_digest: str, now: datetime) -> bool:
        """Use it, once: when its authorization code is issued."""
        return (
            self._transaction.change(CONSUME, {"which": reference_digest, "now": now}).number == 1
        )
