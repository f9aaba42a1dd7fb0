"""Proofs that travelled sealed through a browser, each good for one use."""

from datetime import datetime

from idp.store.statements import insert_or_ignore
from idp.store.tables import proofs
from idp.store.transaction import Transaction

CONSUME = insert_or_ignore(proofs)


class SqlProofs:
    """Implements `idp.accounts.ports.Proofs`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def consume(self, proof_digest: str, *, expires_at: datetime) -> bool:
        """Remember it until it expires, in one statement; False where it was seen before."""
        values = {"proof_digest": proof_digest, "expires_at": expires_at}
        return self._transaction.change(CONSUME, values).number == 1
