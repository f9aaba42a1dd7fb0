"""Grants, each with its authorization code: one row, changed by single conditional updates."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, literal, select, update

from idp.protocol.grant import Grant
from idp.store.accounts import MAY_SIGN_IN
from idp.store.purge_rules import LONGER_THAN_A_SEALED_REQUEST
from idp.store.records import read_record, read_records, to_values
from idp.store.statements import NOW, insert
from idp.store.tables import accounts, grants, sessions
from idp.store.transaction import Transaction

IS_THIS = grants.c.id == bindparam("which")
IS_OF_SUB = grants.c.sub == bindparam("owner")
IS_UNREVOKED = grants.c.revoked_at.is_(None)
IS_ALIVE = IS_UNREVOKED & (grants.c.expires_at > NOW)

GRANT_COLUMNS = [column for column in grants.columns if column.name != "purge_at"]

ADD = insert(grants)
ADD_ONCE = ADD.on_conflict_do_nothing(
    index_elements=[grants.c.once_id], index_where=grants.c.once_id.is_not(None)
)
WAS_ANSWERED = select(literal(1)).where(grants.c.once_id == bindparam("once_id"))
FIND = select(*GRANT_COLUMNS).where(IS_THIS)
FIND_REDEEMED = (
    select(*GRANT_COLUMNS)
    .where(IS_OF_SUB, grants.c.code_used_at.is_not(None))
    .order_by(grants.c.created_at.desc())
)
FIND_CLIENT_IDS = (
    select(grants.c.client_id)
    .join(sessions, and_(sessions.c.sub == grants.c.sub, sessions.c.sid == grants.c.sid))
    .where(sessions.c.sid == bindparam("session"), grants.c.code_used_at.is_not(None))
    .distinct()
    .order_by(grants.c.client_id)
)
# Ending a session revokes the grants that it sees: not one that a request under way then adds.
SESSION_HAS_ENDED = exists().where(sessions.c.sid == grants.c.sid, sessions.c.ended_at.is_not(None))
REDEEM_CODE = (
    update(grants)
    .where(IS_THIS, grants.c.code_used_at.is_(None), grants.c.code_expires_at > NOW, IS_ALIVE)
    .where(~SESSION_HAS_ENDED)
    .values(code_used_at=NOW, refresh_generation=bindparam("generation"))
)
OWNER_MAY_SIGN_IN = exists().where(accounts.c.sub == grants.c.sub, MAY_SIGN_IN)
ROTATE_REFRESH = (
    update(grants)
    .where(IS_THIS, grants.c.client_id == bindparam("client"), IS_ALIVE, OWNER_MAY_SIGN_IN)
    .where(grants.c.refresh_generation == bindparam("generation"))
    .values(refresh_generation=grants.c.refresh_generation + 1)
    .returning(*GRANT_COLUMNS)
)
REVOKE_EVERY = update(grants).where(IS_UNREVOKED).values(revoked_at=NOW)
REVOKE = REVOKE_EVERY.where(IS_THIS)
REVOKE_ALL = REVOKE_EVERY.where(IS_OF_SUB)
REVOKE_FOR_CLIENT = REVOKE_ALL.where(grants.c.client_id == bindparam("client"))


class SqlGrants:
    """Implements `Grants` of `idp.protocol.ports` and of `idp.accounts.ports`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, grant: Grant) -> bool:
        """Add it; False where its `once_id` was answered already."""
        purge_at = max(grant.expires_at, grant.created_at + LONGER_THAN_A_SEALED_REQUEST)
        values = {**to_values(grant), "purge_at": purge_at}
        if grant.once_id is None:
            self._transaction.change_later(ADD, values)
            return True
        return self._transaction.change(ADD_ONCE, values).number == 1

    def was_answered(self, once_id: str) -> bool:
        """Whether an authorization request that may be answered once has been."""
        return self._transaction.read_one(WAS_ANSWERED, {"once_id": once_id}) is not None

    def find(self, grant_id: str) -> Grant | None:
        """Return the grant of that id, whatever its state."""
        return read_record(Grant, self._transaction.read_one(FIND, {"which": grant_id}))

    def find_client_ids(self, sid: str) -> Sequence[str]:
        """Return the clients that a session signed in to."""
        rows = self._transaction.read_all(FIND_CLIENT_IDS, {"session": sid})
        return [row.client_id for row in rows]

    def find_latest_by_client(self, sub: str) -> Sequence[Grant]:
        """Return the latest grant of each client an account signed in to, latest first."""
        latest: dict[str, Grant] = {}
        rows = self._transaction.read_all(FIND_REDEEMED, {"owner": sub})
        for grant in read_records(Grant, rows):
            latest.setdefault(grant.client_id, grant)
        return list(latest.values())

    def redeem_code(self, grant_id: str, *, refresh_generation: int, now: datetime) -> bool:
        """Use the code in one statement, if it is unused, unexpired, grant and session alive."""
        values = {"which": grant_id, "generation": refresh_generation, "now": now}
        return self._transaction.change_alone(REDEEM_CODE, values).number == 1

    def rotate_refresh(
        self, grant_id: str, *, client_id: str, generation: int, now: datetime
    ) -> Grant | None:
        """Move from `generation` to the next in one statement, and return the grant.

        None where it is another client's or dead, or its account may not sign in.
        """
        values = {"which": grant_id, "client": client_id, "generation": generation, "now": now}
        rows = self._transaction.change_alone(ROTATE_REFRESH, values).rows
        return read_record(Grant, rows[0]) if rows else None

    def revoke(self, grant_id: str, now: datetime) -> bool:
        """Revoke the family."""
        return self._transaction.change_alone(REVOKE, {"which": grant_id, "now": now}).number == 1

    def revoke_all(self, sub: str, now: datetime) -> int:
        """Revoke every grant of the account; return how many."""
        return self._transaction.change(REVOKE_ALL, {"owner": sub, "now": now}).number

    def revoke_for_client(self, sub: str, client_id: str, now: datetime) -> int:
        """Revoke what an account let one client have (consent withdrawn)."""
        values = {"owner": sub, "client": client_id, "now": now}
        return self._transaction.change(REVOKE_FOR_CLIENT, values).number
