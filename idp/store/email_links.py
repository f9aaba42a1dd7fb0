"""Links that confirm or undo a change of address."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from idp.accounts.links import EmailLink, EmailLinkKind
from idp.store import links
from idp.store.records import read_record, read_records, to_values
from idp.store.tables import accounts, email_links
from idp.store.transaction import Transaction

# Two changes asked for at once: the second waits, then replaces the first.
LOCK_ACCOUNT = select(accounts.c.sub).where(accounts.c.sub == bindparam("owner")).with_for_update()
OF_KIND = email_links.c.kind == bindparam("which_kind")

ADD = insert(email_links)
FIND_BY_LINK = links.find_by_link(email_links)
FIND_USABLE = (
    select(email_links)
    .where(email_links.c.sub == bindparam("owner"), OF_KIND, links.is_usable(email_links))
    .order_by(email_links.c.created_at)
)
CONSUME = links.consume(email_links)
REPLACE_USABLE = links.replace_usable(email_links, "sub").where(OF_KIND)


class SqlEmailLinks:
    """Implements `idp.accounts.ports.EmailLinks`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, link: EmailLink) -> None:
        """Add it; a new confirmation replaces the usable confirmations of the same account."""
        if link.kind is EmailLinkKind.CONFIRM:
            self._transaction.change(LOCK_ACCOUNT, {"owner": link.sub})
            self.replace_all(link.sub, link.kind, link.created_at)
        self._transaction.change_later(ADD, to_values(link))

    def find_by_link(self, link_digest: str) -> EmailLink | None:
        """Return the link, whatever its state."""
        row = self._transaction.read_one(FIND_BY_LINK, {"link_digest": link_digest})
        return read_record(EmailLink, row)

    def find_usable(self, sub: str, kind: EmailLinkKind, now: datetime) -> Sequence[EmailLink]:
        """Return the usable ones of an account, oldest first."""
        values = {"owner": sub, "which_kind": kind, "now": now}
        return read_records(EmailLink, self._transaction.read_all(FIND_USABLE, values))

    def consume(self, link_id: str, now: datetime) -> bool:
        """Use it, if it is unused, not replaced and not expired."""
        return self._transaction.change(CONSUME, {"which": link_id, "now": now}).number == 1

    def replace_all(self, sub: str, kind: EmailLinkKind, now: datetime) -> None:
        """Mark every usable one of that kind as replaced."""
        values = {"owner": sub, "which_kind": kind, "now": now}
        self._transaction.change_later(REPLACE_USABLE, values)
