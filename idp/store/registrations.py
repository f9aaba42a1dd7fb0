"""Registrations that wait for their activation link."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select

from idp.accounts.links import Registration
from idp.store import links
from idp.store.records import read_record, to_values
from idp.store.tables import practitioners, registrations
from idp.store.transaction import Transaction

# Two registrations of one number at once: the second waits, then replaces the first.
LOCK_PRACTITIONER = (
    select(practitioners.c.finess)
    .where(practitioners.c.finess == bindparam("owner"))
    .with_for_update()
)
ADD = insert(registrations)
FIND_BY_LINK = links.find_by_link(registrations)
FIND_BY_FLOW = (
    select(registrations)
    .where(registrations.c.flow_digest == bindparam("flow_digest"))
    .order_by(registrations.c.created_at.desc())
    .limit(1)
)
CONSUME = links.consume(registrations)
REPLACE_USABLE = links.replace_usable(registrations, "finess")


class SqlRegistrations:
    """Implements `idp.accounts.ports.Registrations`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, registration: Registration) -> None:
        """Add it and mark every usable one of the same FINESS as replaced."""
        owner = {"owner": registration.finess}
        self._transaction.change(LOCK_PRACTITIONER, owner)
        self._transaction.change(REPLACE_USABLE, {**owner, "now": registration.created_at})
        self._transaction.change(ADD, to_values(registration))

    def find_by_link(self, link_digest: str) -> Registration | None:
        """Return the registration of that link, whatever its state."""
        row = self._transaction.read_one(FIND_BY_LINK, {"link_digest": link_digest})
        return read_record(Registration, row)

    def find_by_flow(self, flow_digest: str) -> Registration | None:
        """Return the latest registration asked for by that browser."""
        row = self._transaction.read_one(FIND_BY_FLOW, {"flow_digest": flow_digest})
        return read_record(Registration, row)

    def consume(self, registration_id: str, now: datetime) -> bool:
        """Use it, if it is unused, not replaced and not expired."""
        return self._transaction.change(CONSUME, {"which": registration_id, "now": now}).number == 1

    def replace_all(self, finess: str, now: datetime) -> None:
        """Mark every usable one of that FINESS as replaced."""
        self._transaction.change_later(REPLACE_USABLE, {"owner": finess, "now": now})
