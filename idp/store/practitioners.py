"""The insurer's directory."""

from sqlalchemy import bindparam, select

from idp.accounts.practitioner import Practitioner
from idp.store.records import read_record, to_values
from idp.store.statements import insert_or_replace
from idp.store.tables import practitioners
from idp.store.transaction import Transaction

FIND = select(practitioners).where(practitioners.c.finess == bindparam("finess"))
SAVE = insert_or_replace(practitioners)


class SqlPractitioners:
    """Implements `idp.accounts.ports.Practitioners`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(self, finess: str) -> Practitioner | None:
        """Return the practitioner of that number, closed ones included."""
        return read_record(Practitioner, self._transaction.read_one(FIND, {"finess": finess}))

    def save(self, practitioner: Practitioner) -> None:
        """Add or replace the row of this FINESS number."""
        self._transaction.change_later(SAVE, to_values(practitioner))
