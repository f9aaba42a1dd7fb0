"""Mon compte: a new password, for who knows the current one.

The current one is asked on the counter of the login, so that this form is no side door. The browser
at hand stays signed in, under a new secret, and known; everything else that was open is ended. So a
copy of its cookie, which may be why the password is changed, is worth nothing from then on.
"""

from dataclasses import dataclass, field, replace

from idp.accounts.access import kill_pending_links
from idp.accounts.account import Account
from idp.accounts.credentials import Invalid, NewPassword, describe_owner, find_password_faults
from idp.accounts.known_device import device_digest
from idp.accounts.mails import Notice, send_notice
from idp.accounts.outcomes import PasswordTooLong, Refusal
from idp.accounts.password_check import Passed, clear_failures, try_password
from idp.accounts.passwords import is_too_long, normalize_password
from idp.accounts.session import Session
from idp.accounts.sessions import OpenedSession, open_session
from idp.accounts.visit import Visit
from idp.audit_events import Event


@dataclass(frozen=True, slots=True)
class PasswordForm:
    """The current password, and the new one twice."""

    current: str = field(repr=False)
    new: NewPassword


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """Done; this session goes on, with what its cookie must hold from now on."""

    opened: OpenedSession


def change_password(
    visit: Visit, form: PasswordForm, *, account: Account, session: Session
) -> PasswordChanged | Invalid | PasswordTooLong | Refusal:
    """Change the password of the signed-in account.

    Raises:
        HashQueueFullError: no hash slot came free; nothing was reserved.
        AccountChangedError: the account changed at the same moment; roll back.

    """
    current = normalize_password(form.current)
    if is_too_long(current, visit.policy.passwords):
        return PasswordTooLong()
    practitioner = visit.uow.practitioners.find(account.finess)
    owner = describe_owner(account.finess, account.email, practitioner)
    if faults := find_password_faults(form.new, visit.policy.passwords, owner):
        return Invalid(faults)
    with visit.hasher.slots.take():
        checked = try_password(visit, finess=account.finess, password=current)
        if not isinstance(checked, Passed):
            return checked
        password_hash = visit.hasher.hash(normalize_password(form.new.password))
    return _record(visit, checked, session, password_hash=password_hash)


def _record(
    visit: Visit, passed: Passed, session: Session, *, password_hash: str
) -> PasswordChanged:
    account = passed.account
    changed = replace(account, password_hash=password_hash, password_changed_at=visit.now)
    visit.save_account(changed)
    clear_failures(visit, passed)
    kill_pending_links(visit, account)
    opened = open_session(
        visit,
        account,
        current=session,
        is_shared_computer=session.is_shared_computer,
        request_id=session.login_request_id,
    )
    visit.uow.sessions.end_all(account.sub, visit.now, but=opened.session.sid)
    visit.uow.grants.revoke_all(account.sub, visit.now)
    visit.uow.known_devices.forget_all(account.sub, but=device_digest(visit))
    send_notice(visit, Notice.PASSWORD_CHANGED, account.email or "", finess=account.finess)
    visit.uow.audit.record(Event.PASSWORD_CHANGED, finess=account.finess, sub=account.sub)
    visit.uow.commit()
    return PasswordChanged(opened)
