"""Connexion: FINESS number and password, one answer whatever was wrong."""

from dataclasses import dataclass, field

from idp.accounts.account import Account, AccountState
from idp.accounts.known_device import remember_device
from idp.accounts.outcomes import Blocked, Failed, PasswordTooLong, Refusal
from idp.accounts.password_check import Passed, clear_failures, record_failure, try_password
from idp.accounts.passwords import is_too_long, normalize_password
from idp.accounts.session import Session
from idp.accounts.sessions import open_session
from idp.accounts.visit import Visit
from idp.audit_events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A login: what the session cookie and, unless None, the device cookie must hold.

    `needs_email`: the next page asks for an address; `suggests_new_password`: it may suggest one.
    """

    account: Account
    session: Session
    session_secret: str = field(repr=False)
    device_secret: str | None = field(repr=False)
    needs_email: bool
    suggests_new_password: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginContext:
    """What a login is for: the browser's live session, and the authorization request's id."""

    is_shared_computer: bool = False
    current_session: Session | None = None
    request_id: str | None = None


LoginOutcome = SignedIn | Refusal | PasswordTooLong


def sign_in(visit: Visit, *, finess: str, password: str, context: LoginContext) -> LoginOutcome:
    """Sign in with a normalized number and the password as typed.

    The same outcome whether the number is unknown, the password wrong, or the account waiting,
    disabled or closed.

    Raises:
        HashQueueFullError: no hash slot came free; nothing was reserved.

    """
    secret = normalize_password(password)
    if is_too_long(secret, visit.policy.passwords):
        return PasswordTooLong()
    with visit.hasher.slots.take():
        checked = try_password(visit, finess=finess, password=secret)
        if not isinstance(checked, Passed):
            return checked
        stronger_hash = _raise_hash(visit, checked.account, secret)
    return _record_login(visit, checked, context, stronger_hash=stronger_hash)


def _raise_hash(visit: Visit, account: Account, password: str) -> str | None:
    """Return a hash of today's parameters where the stored one is older; only its owner waits."""
    is_outdated = visit.hasher.needs_rehash(account.password_hash or "")
    return visit.hasher.hash(password) if is_outdated else None


def _record_login(
    visit: Visit, passed: Passed, context: LoginContext, *, stronger_hash: str | None
) -> SignedIn | Failed | Blocked:
    account, accounts = passed.account, visit.uow.accounts
    stored_hash = account.password_hash or ""
    is_reminded = _is_reminder_due(visit, account)
    if not accounts.record_sign_in(
        account.sub, password_hash=stored_hash, now=visit.now, is_reminded=is_reminded
    ):
        return record_failure(visit, passed.tried)
    if stronger_hash:
        accounts.raise_hash(account.sub, old_hash=stored_hash, new_hash=stronger_hash)
    clear_failures(visit, passed)
    is_shared = context.is_shared_computer
    opened = open_session(
        visit,
        account,
        current=context.current_session,
        is_shared_computer=is_shared,
        request_id=context.request_id,
    )
    device_secret = None if is_shared else remember_device(visit, account)
    visit.uow.audit.record(
        Event.LOGIN_SUCCEEDED, finess=account.finess, sub=account.sub, client_id=visit.client_id
    )
    visit.uow.commit()
    return SignedIn(
        account=account,
        session=opened.session,
        session_secret=opened.secret,
        device_secret=device_secret,
        needs_email=account.state is AccountState.WITHOUT_EMAIL,
        suggests_new_password=is_reminded,
    )


def _is_reminder_due(visit: Visit, account: Account) -> bool:
    """Say whether the password is old, and nobody was told so within the interval."""
    policy = visit.policy
    age = visit.now - (account.password_changed_at or account.created_at)
    if not policy.password_renewal or age < policy.password_renewal:
        return False
    reminded_at = account.password_reminded_at
    return reminded_at is None or visit.now - reminded_at >= policy.password_reminder_interval
