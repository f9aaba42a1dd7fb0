"""The `jti` of client assertions (RFC 7523), each good for one use."""

from datetime import datetime

from idp.store.statements import insert_or_ignore
from idp.store.tables import client_assertions
from idp.store.transaction import Transaction

CONSUME = insert_or_ignore(client_assertions)


class SqlClientAssertions:
    """Implements `idp.protocol.ports.ClientAssertions`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def consume(self, client_id: str, jti_digest: str, *, expires_at: datetime) -> bool:
        """Remember it; False where it was seen before."""
        values = {"client_id": client_id, "jti_digest": jti_digest, "expires_at": expires_at}
        return self._transaction.change_alone(CONSUME, values).number == 1
