"""Sessions: opened by a login, pushed by use, ended by sign-out or by time.

Idle and absolute lifetimes both end one; using it never pushes its idle end past the absolute one.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from idp.accounts.account import Account
from idp.accounts.session import Session
from idp.accounts.visit import Visit
from idp.audit_events import Event
from idp.secret_values import digest, random_id, random_token

_TOUCH_INTERVAL = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session, and the secret that its cookie must hold from now on."""

    session: Session
    secret: str = field(repr=False)


def open_session(
    visit: Visit,
    account: Account,
    *,
    current: Session | None,
    is_shared_computer: bool,
    request_id: str | None,
) -> OpenedSession:
    """Open the session of a login, with a new secret each time.

    The browser's `current` session goes on under the new secret where its owner signs in again, so
    that no other site is signed out; somebody else's is ended.
    """
    secret = random_token()
    lifetime = _idle_lifetime(visit, is_shared_computer=is_shared_computer)
    session = Session(
        sid=random_id(),
        secret_digest=digest(secret),
        sub=account.sub,
        authenticated_at=visit.now,
        last_seen_at=visit.now,
        idle_expires_at=visit.now + min(lifetime, visit.policy.absolute_lifetime),
        expires_at=visit.now + visit.policy.absolute_lifetime,
        is_shared_computer=is_shared_computer,
        login_request_id=request_id,
        browser=visit.browser,
        network=visit.network_label,
    )
    return OpenedSession(_keep(visit, session, current), secret)


def _keep(visit: Visit, session: Session, current: Session | None) -> Session:
    sessions = visit.uow.sessions
    if current and current.sub == session.sub:
        renewed = replace(session, sid=current.sid)
        if sessions.renew(renewed):
            return renewed
    elif current:
        sessions.end(current.sid, visit.now)
    sessions.add(session)
    return session


def find_session(visit: Visit, secret: str) -> Session | None:
    """Return the live session of a cookie and push its idle end, once a minute at most."""
    session = visit.uow.sessions.find(digest(secret), visit.now)
    if session and visit.now - session.last_seen_at >= _TOUCH_INTERVAL:
        visit.uow.sessions.touch(
            session.sid,
            last_seen_at=visit.now,
            idle_expires_at=_next_idle_end(visit, session),
        )
    return session


def end_session(visit: Visit, account: Account, sid: str) -> bool:
    """End one of the account's own sessions; False where it is not the account's or is over."""
    own = {session.sid for session in visit.uow.sessions.find_all(account.sub, visit.now)}
    if sid not in own or not visit.uow.sessions.end(sid, visit.now):
        return False
    visit.uow.audit.record(Event.SESSION_ENDED, finess=account.finess, sub=account.sub)
    visit.uow.commit()
    return True


def end_all_sessions(visit: Visit, account: Account) -> int:
    """Sign out everywhere, this browser included, and revoke every grant; return how many ended."""
    ended = visit.uow.sessions.end_all(account.sub, visit.now)
    visit.uow.grants.revoke_all(account.sub, visit.now)
    visit.uow.audit.record(Event.SESSIONS_ENDED, finess=account.finess, sub=account.sub)
    visit.uow.commit()
    return ended


def _next_idle_end(visit: Visit, session: Session) -> datetime:
    lifetime = _idle_lifetime(visit, is_shared_computer=session.is_shared_computer)
    return min(visit.now + lifetime, session.expires_at)


def _idle_lifetime(visit: Visit, *, is_shared_computer: bool) -> timedelta:
    policy = visit.policy
    return policy.shared_idle_lifetime if is_shared_computer else policy.idle_lifetime
