"""When each client last got a token under which key: what says that a key may go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from idp.store.records import read_records, to_values
from idp.store.statements import insert_or_replace
from idp.store.tables import key_uses
from idp.store.transaction import Transaction

WRITTEN_EVERY = timedelta(minutes=1)

RECORD = insert_or_replace(key_uses)
FIND_ALL = select(key_uses).order_by(key_uses.c.client_id, key_uses.c.last_used_at.desc())

LastWritten = dict[tuple[str, str, str], datetime]
"""What this process wrote when, so that most tokens cost no statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUse:
    """A client got a token under a key, last at `last_used_at`."""

    client_id: str
    algorithm: str
    kid: str
    last_used_at: datetime


class SqlKeyUses:
    """Implements `idp.protocol.ports.KeyUses`."""

    def __init__(self, transaction: Transaction, last_written: LastWritten) -> None:
        self._transaction = transaction
        self._last_written = last_written

    def record(self, client_id: str, *, algorithm: str, kid: str, now: datetime) -> None:
        """Note a use; written at most once a minute for the same three."""
        key = (client_id, algorithm, kid)
        last = self._last_written.get(key)
        if last is not None and now - last < WRITTEN_EVERY:
            return
        self._last_written[key] = now
        use = KeyUse(client_id=client_id, algorithm=algorithm, kid=kid, last_used_at=now)
        self._transaction.change_later(RECORD, to_values(use))

    def find_all(self) -> Sequence[KeyUse]:
        """Return every use, by client, latest first."""
        return read_records(KeyUse, self._transaction.read_all(FIND_ALL))
