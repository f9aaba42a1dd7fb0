"""Requests for a new password."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from idp.accounts.links import Reset
from idp.store import links
from idp.store.records import read_record, to_values
from idp.store.tables import accounts, resets
from idp.store.transaction import Transaction

USABLE_ONE = (resets.c.id == bindparam("which"), links.is_usable(resets))

# Two links of one account used at once: the second waits, and finds itself replaced.
LOCK_ACCOUNT = (
    select(accounts.c.sub)
    .where(
        accounts.c.sub
        == select(resets.c.sub).where(resets.c.id == bindparam("which")).scalar_subquery()
    )
    .with_for_update()
)
ADD = insert(resets)
FIND_BY_LINK = links.find_by_link(resets)
RESERVE_CODE_ATTEMPT = (
    update(resets)
    .where(*USABLE_ONE, resets.c.code_attempts < bindparam("limit"))
    .values(code_attempts=resets.c.code_attempts + 1)
    .returning(resets.c.code_attempts)
)
RECORD_CODE_PROOF = (
    update(resets).where(*USABLE_ONE).values(proof_digest=bindparam("new_proof_digest"))
)
CONSUME = links.consume(resets)
REPLACE_USABLE = links.replace_usable(resets, "sub")


class SqlResets:
    """Implements `idp.accounts.ports.Resets`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, reset: Reset) -> None:
        """Add it; earlier ones stay good."""
        self._transaction.change_later(ADD, to_values(reset))

    def find_by_link(self, link_digest: str) -> Reset | None:
        """Return the reset of that link, whatever its state."""
        row = self._transaction.read_one(FIND_BY_LINK, {"link_digest": link_digest})
        return read_record(Reset, row)

    def reserve_code_attempt(self, reset_id: str, *, limit: int, now: datetime) -> int | None:
        """Count one try of the code in one statement; None where none was left or it is dead."""
        changed = self._transaction.change_alone(
            RESERVE_CODE_ATTEMPT, {"which": reset_id, "limit": limit, "now": now}
        )
        return changed.rows[0].code_attempts if changed.rows else None

    def record_code_proof(self, reset_id: str, proof_digest: str, now: datetime) -> bool:
        """Remember the browser that typed the right code, if the reset is still usable."""
        values = {"which": reset_id, "new_proof_digest": proof_digest, "now": now}
        return self._transaction.change(RECORD_CODE_PROOF, values).number == 1

    def consume(self, reset_id: str, now: datetime) -> bool:
        """Use it, if it is unused, not replaced and not expired."""
        values = {"which": reset_id, "now": now}
        self._transaction.change(LOCK_ACCOUNT, values)
        return self._transaction.change(CONSUME, values).number == 1

    def replace_all(self, sub: str, now: datetime) -> None:
        """Mark every usable one of the account as replaced."""
        self._transaction.change_later(REPLACE_USABLE, {"owner": sub, "now": now})
