"""What practitioners agreed to give to clients."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select

from idp.store.statements import insert_or_replace
from idp.store.tables import consents
from idp.store.transaction import Transaction

THIS_CONSENT = (
    consents.c.sub == bindparam("sub"),
    consents.c.client_id == bindparam("client_id"),
)

FIND = select(consents).where(*THIS_CONSENT)
LOCK = FIND.with_for_update()
REMEMBER = insert_or_replace(consents)
WITHDRAW = delete(consents).where(*THIS_CONSENT)


class SqlConsents:
    """Implements `idp.protocol.ports.Consents`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(self, sub: str, client_id: str) -> tuple[frozenset[str], str | None] | None:
        """Return the scopes agreed to, and the request id of the latest agreement."""
        row = self._transaction.read_one(FIND, {"sub": sub, "client_id": client_id})
        return None if row is None else (frozenset(row.scopes.split()), row.request_id)

    def remember(
        self, sub: str, client_id: str, scopes: frozenset[str], *, request_id: str, now: datetime
    ) -> None:
        """Add the scopes to what was agreed to."""
        consent = {"sub": sub, "client_id": client_id}
        earlier = self._transaction.change(LOCK, consent).rows
        agreed = scopes.union(*(row.scopes.split() for row in earlier))
        values = {"scopes": " ".join(sorted(agreed)), "request_id": request_id, "agreed_at": now}
        self._transaction.change_later(REMEMBER, {**consent, **values})

    def withdraw(self, sub: str, client_id: str, now: datetime) -> bool:  # noqa: ARG002 - the port's signature
        """Forget the agreement."""
        return self._transaction.change(WITHDRAW, {"sub": sub, "client_id": client_id}).number == 1
