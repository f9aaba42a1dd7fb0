"""Single sign-on sessions; with one ends what it let relying parties have."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BindParameter, Select, and_, bindparam, insert, select, update

from idp.accounts.session import Session
from idp.store.grants import REVOKE_EVERY
from idp.store.outbox import SqlOutbox
from idp.store.records import read_record, read_records, to_new_values, to_values
from idp.store.statements import NOW, new_values
from idp.store.tables import clients, grants, sessions
from idp.store.transaction import Transaction

KEPT_ON_RENEWAL = {"sid", "sub"}

SIDS: BindParameter[str] = bindparam("sids", expanding=True)

IS_THIS = sessions.c.sid == bindparam("which")
IS_OF_SUB = sessions.c.sub == bindparam("owner")
HAS_NOT_ENDED = sessions.c.ended_at.is_(None)
IS_UNEXPIRED = and_(sessions.c.idle_expires_at > NOW, sessions.c.expires_at > NOW)
IS_LIVE = and_(HAS_NOT_ENDED, IS_UNEXPIRED)

ADD = insert(sessions)
FIND = select(sessions).where(sessions.c.secret_digest == bindparam("secret_digest"), IS_LIVE)
FIND_ALL = select(sessions).where(IS_OF_SUB, IS_LIVE).order_by(sessions.c.authenticated_at.desc())
TOUCH = (
    update(sessions)
    .where(IS_THIS, HAS_NOT_ENDED)
    .values(last_seen_at=bindparam("seen_at"), idle_expires_at=bindparam("idle_until"))
)
RENEW = update(sessions).where(IS_THIS, IS_LIVE).values(new_values(sessions, but=KEPT_ON_RENEWAL))
END = (
    update(sessions)
    .where(IS_THIS, HAS_NOT_ENDED)
    .values(ended_at=NOW)
    .returning(sessions.c.sub, sessions.c.sid)
)
END_ALL = (
    update(sessions)
    .where(IS_OF_SUB, HAS_NOT_ENDED, sessions.c.sid != bindparam("but"))
    .values(ended_at=NOW)
    .returning(sessions.c.sid, IS_UNEXPIRED.label("was_live"))
)
IS_GRANT_OF_THEM = and_(grants.c.sub == bindparam("owner"), grants.c.sid.in_(SIDS))
REVOKE_GRANTS = REVOKE_EVERY.where(IS_GRANT_OF_THEM)
FIND_TO_BE_TOLD: Select[tuple[str, str]] = (
    select(grants.c.client_id, grants.c.sid)
    .join(clients, clients.c.client_id == grants.c.client_id)
    .where(IS_GRANT_OF_THEM, grants.c.code_used_at.is_not(None))
    .where(clients.c.backchannel_logout_uri.is_not(None))
    .distinct()
)


class SqlSessions:
    """Implements `idp.accounts.ports.Sessions`."""

    def __init__(self, transaction: Transaction, outbox: SqlOutbox) -> None:
        self._transaction = transaction
        self._outbox = outbox

    def add(self, session: Session) -> None:
        """Open it."""
        self._transaction.change_later(ADD, to_values(session))

    def find(self, secret_digest: str, now: datetime) -> Session | None:
        """Return the session of that cookie, if it has neither ended nor expired."""
        values = {"secret_digest": secret_digest, "now": now}
        return read_record(Session, self._transaction.read_one(FIND, values))

    def find_all(self, sub: str, now: datetime) -> Sequence[Session]:
        """Return the live sessions of an account, latest first."""
        rows = self._transaction.read_all(FIND_ALL, {"owner": sub, "now": now})
        return read_records(Session, rows)

    def touch(self, sid: str, *, last_seen_at: datetime, idle_expires_at: datetime) -> None:
        """Push the idle end of a live session."""
        values = {"which": sid, "seen_at": last_seen_at, "idle_until": idle_expires_at}
        self._transaction.change_later(TOUCH, values)

    def renew(self, session: Session) -> bool:
        """Replace every column but `sid` and `sub`, if it is live: its owner signed in again."""
        values = to_new_values(session, but=KEPT_ON_RENEWAL)
        values |= {"which": session.sid, "now": session.last_seen_at}
        return self._transaction.change(RENEW, values).number == 1

    def end(self, sid: str, now: datetime) -> bool:
        """End one session, even one that idled out: its refresh tokens were still good."""
        ended = self._transaction.change(END, {"which": sid, "now": now}).rows
        if ended:
            self._end_what_hangs_on(ended[0].sub, [sid], now)
        return bool(ended)

    def end_all(self, sub: str, now: datetime, *, but: str | None = None) -> int:
        """End every session of the account except the `sid` in `but`; return how many lived."""
        values = {"owner": sub, "but": but or "", "now": now}
        ended = self._transaction.change(END_ALL, values).rows
        if ended:
            self._end_what_hangs_on(sub, [row.sid for row in ended], now)
        return sum(row.was_live for row in ended)

    def _end_what_hangs_on(self, sub: str, sids: Sequence[str], now: datetime) -> None:
        values = {"owner": sub, "sids": sids, "now": now}
        self._transaction.change(REVOKE_GRANTS, values)
        for row in self._transaction.read_all(FIND_TO_BE_TOLD, values):
            self._outbox.enqueue_logout_notice(row.client_id, sub, sid=row.sid, now=now)
