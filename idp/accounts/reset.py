"""Réinitialisation, step 3: the new password, which ends whatever was open with the old one.

Nobody is signed in by it; the browser that did it becomes a known device, and failures are zeroed.
"""

from dataclasses import dataclass, field, replace

from idp.accounts.access import kill_pending_links
from idp.accounts.account import Account, AccountState
from idp.accounts.credentials import Invalid, NewPassword, describe_owner, find_password_faults
from idp.accounts.known_device import device_digest, remember_device
from idp.accounts.links import LinkState, Reset
from idp.accounts.lockout import zero_counters
from idp.accounts.mails import Notice, send_notice
from idp.accounts.outcomes import LinkDead
from idp.accounts.passwords import normalize_password
from idp.accounts.reset_code import (
    CodeNeeded,
    CodesExhausted,
    PasswordNeeded,
    find_reset,
    find_step,
)
from idp.accounts.visit import Visit
from idp.audit_events import Event


@dataclass(frozen=True, slots=True)
class PasswordReset:
    """Done: what the device cookie must hold, and the request of the browser that asked."""

    device_secret: str | None = field(repr=False)
    sealed_request: str = field(repr=False)


def set_new_password(
    visit: Visit, token: str, new: NewPassword
) -> PasswordReset | Invalid | CodeNeeded | CodesExhausted | LinkDead:
    """Set the new password, once, in the browser that proved the code.

    Raises:
        HashQueueFullError: no hash slot came free; the link is still good.
        AccountChangedError: the account changed at the same moment; roll back.

    """
    reset = find_reset(visit, token)
    if reset is None:
        return LinkDead(None)
    step = find_step(visit, reset)
    if not isinstance(step, PasswordNeeded):
        return step
    account = visit.uow.accounts.find(reset.sub or "")
    if account is None or account.state is not AccountState.ACTIVE:
        return LinkDead(LinkState.REPLACED)
    owner = describe_owner(
        account.finess, account.email, visit.uow.practitioners.find(account.finess)
    )
    if faults := find_password_faults(new, visit.policy.passwords, owner):
        return Invalid(faults)
    with visit.hasher.slots.take():
        password_hash = visit.hasher.hash(normalize_password(new.password))
    if not visit.uow.resets.consume(reset.id, visit.now):
        return LinkDead.describe(find_reset(visit, token), visit.now)
    return _apply(visit, account, reset, password_hash=password_hash)


def _apply(visit: Visit, account: Account, reset: Reset, *, password_hash: str) -> PasswordReset:
    """Change the password and end whatever was open with the old one."""
    changed = replace(
        account,
        password_hash=password_hash,
        password_changed_at=visit.now,
        email_verified_at=account.email_verified_at or visit.now,
    )
    visit.save_account(changed)
    kill_pending_links(visit, account)
    visit.uow.sessions.end_all(account.sub, visit.now)
    visit.uow.grants.revoke_all(account.sub, visit.now)
    visit.uow.known_devices.forget_all(account.sub)
    this_device = device_digest(visit)
    zero_counters(visit, account.finess, devices=(this_device,) if this_device else ())
    device_secret = remember_device(visit, account)
    send_notice(visit, Notice.PASSWORD_CHANGED, account.email or "", finess=account.finess)
    visit.uow.audit.record(Event.PASSWORD_RESET, finess=account.finess, sub=account.sub)
    visit.uow.commit()
    is_same_browser = visit.is_same_browser(reset.flow_digest)
    return PasswordReset(device_secret, reset.sealed_request if is_same_browser else "")
