"""The relying parties' records."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, delete, select

from idp.protocol.client import Client
from idp.store.client_json import read_client, write_client
from idp.store.grants import REVOKE_EVERY
from idp.store.statements import insert_or_replace
from idp.store.tables import clients, consents, grants
from idp.store.transaction import Transaction

CLIENT_ID: BindParameter[str] = bindparam("client_id")

FIND = select(clients.c.record).where(clients.c.client_id == CLIENT_ID)
FIND_ALL = select(clients.c.record).order_by(clients.c.client_id)
SAVE = insert_or_replace(clients)
REMOVE = delete(clients).where(clients.c.client_id == CLIENT_ID)
REMOVE_CONSENTS = delete(consents).where(consents.c.client_id == CLIENT_ID)
REVOKE_GRANTS = REVOKE_EVERY.where(grants.c.client_id == bindparam("which"))


class SqlClients:
    """Implements `idp.protocol.ports.Clients`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(self, client_id: str) -> Client | None:
        """Return the client of that id, which may be anything a request holds."""
        if "\0" in client_id:  # no text on PostgreSQL
            return None
        row = self._transaction.read_one(FIND, {"client_id": client_id})
        return None if row is None else read_client(row.record)

    def find_all(self) -> Sequence[Client]:
        """Return every client, by id."""
        return [read_client(row.record) for row in self._transaction.read_all(FIND_ALL)]

    def save(self, client: Client) -> None:
        """Add or replace the record."""
        values = {
            "client_id": client.client_id,
            "record": write_client(client),
            "backchannel_logout_uri": client.backchannel_logout_uri,
        }
        self._transaction.change_later(SAVE, values)

    def remove(self, client_id: str, now: datetime) -> bool:
        """Remove the record, revoking its grants and consents."""
        self._transaction.change_later(REVOKE_GRANTS, {"which": client_id, "now": now})
        self._transaction.change_later(REMOVE_CONSENTS, {"client_id": client_id})
        return self._transaction.change(REMOVE, {"client_id": client_id}).number == 1
