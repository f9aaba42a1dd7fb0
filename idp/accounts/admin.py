"""What an administrator may do to an account, each act written to the trail with who did it.

Every function takes a normalized FINESS number, commits, and raises UnknownFinessError where the
number has no account that is not closed, AccountChangedError where it changed at that moment.
"""

from dataclasses import replace
from datetime import datetime

from idp.accounts.access import cut_access, kill_pending_links
from idp.accounts.account import Account, AccountState
from idp.accounts.counters import CounterPurpose, counter_prefix
from idp.accounts.email_address import is_same_email
from idp.accounts.errors import UnknownFinessError
from idp.accounts.links import EmailLinkKind
from idp.accounts.lockout import zero_counters
from idp.accounts.mails import Notice, send_notice
from idp.accounts.practitioner import Practitioner
from idp.accounts.proof import proof_counter
from idp.accounts.visit import Visit
from idp.audit_events import Event


def unlock_account(visit: Visit, finess: str) -> None:
    """Zero the failures of strangers and of every known device.

    A number without an account is blocked like any other, and unlocked like any other.
    """
    account = visit.uow.accounts.find_by_finess(finess)
    sub = account.sub if account else None
    devices = visit.uow.known_devices.find_all(sub, visit.now) if sub else ()
    zero_counters(visit, finess, devices)
    visit.uow.audit.record(Event.ACCOUNT_UNLOCKED, finess=finess, sub=sub)
    visit.uow.commit()


def unlock_all_since(visit: Visit, since: datetime) -> int:
    """Lift every block of logins that began after `since` (a mass lock); return how many."""
    purposes = (CounterPurpose.LOGIN, CounterPurpose.DEVICE)
    prefixes = map(counter_prefix, purposes)
    lifted = sum(visit.uow.attempts.clear_all_since(prefix, since) for prefix in prefixes)
    details = {"since": since.isoformat(), "count": str(lifted)}
    visit.uow.audit.record(Event.ACCOUNTS_UNLOCKED, details=details)
    visit.uow.commit()
    return lifted


def unlock_practitioner(visit: Visit, finess: str) -> None:
    """Zero the failed IBAN proofs of a number of the directory, those of its life included."""
    find_practitioner(visit, finess)
    visit.uow.attempts.clear(proof_counter(visit, finess).key)
    visit.uow.audit.record(Event.PRACTITIONER_UNLOCKED, finess=finess)
    visit.uow.commit()


def disable_account(visit: Visit, finess: str, *, reason: str) -> None:
    """Suspend an account until it is enabled: sessions, grants, devices and links die."""
    account = find_account(visit, finess)
    visit.save_account(replace(account, state=AccountState.DISABLED, disabled_reason=reason))
    cut_access(visit, account)
    _record(visit, Event.ACCOUNT_DISABLED, account, reason=reason)


def enable_account(visit: Visit, finess: str) -> None:
    """Reopen a suspended account, frozen ones included; one that is open stays as it is."""
    account = find_account(visit, finess)
    if account.state is AccountState.DISABLED:
        state = AccountState.ACTIVE if account.email else AccountState.WITHOUT_EMAIL
        enabled = replace(account, state=state, disabled_reason=None)
        visit.save_account(enabled)
    _record(visit, Event.ACCOUNT_ENABLED, account)


def reclaim_account(visit: Visit, finess: str) -> None:
    """Close an account that somebody else opened; both addresses are told.

    The next registration of the number gets a new `sub`.
    """
    account = find_account(visit, finess)
    visit.save_account(replace(account, state=AccountState.CLOSED, password_hash=None))
    cut_access(visit, account)
    practitioner = visit.uow.practitioners.find(finess)
    on_file = practitioner.email if practitioner else None
    if account.email:
        send_notice(visit, Notice.ACCOUNT_RECLAIMED, account.email, finess=finess)
    if on_file and not is_same_email(on_file, account.email):
        send_notice(visit, Notice.ACCOUNT_RECLAIMED, on_file, finess=finess)
    _record(visit, Event.ACCOUNT_RECLAIMED, account)


def set_email(visit: Visit, finess: str, email: str) -> None:
    """Give an account an address, parsed; it counts as verified once a link to it was used."""
    account = find_account(visit, finess)
    has_none = account.state is AccountState.WITHOUT_EMAIL
    state = AccountState.ACTIVE if has_none else account.state
    visit.save_account(replace(account, email=email, email_verified_at=None, state=state))
    kill_pending_links(visit, account)
    visit.uow.email_links.replace_all(account.sub, EmailLinkKind.UNDO, visit.now)
    if account.email:
        send_notice(visit, Notice.EMAIL_SET, account.email, finess=finess, new_email=email)
    _record(visit, Event.EMAIL_SET, account)


def sign_out_account(visit: Visit, finess: str) -> int:
    """End every session and revoke every grant; return how many sessions ended."""
    account = find_account(visit, finess)
    ended = visit.uow.sessions.end_all(account.sub, visit.now)
    visit.uow.grants.revoke_all(account.sub, visit.now)
    _record(visit, Event.ACCOUNT_SIGNED_OUT, account)
    return ended


def find_account(visit: Visit, finess: str) -> Account:
    """Return the account of a number that is not closed, or raise UnknownFinessError."""
    account = visit.uow.accounts.find_by_finess(finess)
    if account is None:
        raise UnknownFinessError(
            f"{finess} has no account; what is known: idp accounts timeline {finess}"
        )
    return account


def find_practitioner(visit: Visit, finess: str) -> Practitioner:
    """Return the practitioner of a number, closed ones included, or raise UnknownFinessError."""
    practitioner = visit.uow.practitioners.find(finess)
    if practitioner is None:
        raise UnknownFinessError(f"{finess} is not in the directory")
    return practitioner


def _record(visit: Visit, event: Event, account: Account, *, reason: str | None = None) -> None:
    visit.uow.audit.record(event, finess=account.finess, sub=account.sub, reason=reason)
    visit.uow.commit()
