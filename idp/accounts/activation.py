"""Activation: what the mailed link does, once its button is pressed.

Opening the link changes nothing, since mail scanners open links: the POST activates. It works on
any device, and signs nobody in. An account is created, or one without address gets its new
credentials, which ends whatever was open with the old ones. Like a reset it zeroes the failures.
"""

from dataclasses import dataclass, field, replace

from idp.accounts.access import cut_access
from idp.accounts.account import Account, AccountState
from idp.accounts.email_address import is_same_email
from idp.accounts.errors import AccountChangedError
from idp.accounts.links import LinkState, Registration
from idp.accounts.lockout import zero_counters
from idp.accounts.mails import Notice, send_notice
from idp.accounts.outcomes import LinkDead
from idp.accounts.practitioner import Practitioner
from idp.accounts.typed_text import normalize_token
from idp.accounts.visit import Visit
from idp.audit_events import Event
from idp.secret_values import digest, random_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Activated:
    """The account can be used.

    `sealed_request` is what brought the practitioner here: the browser that registered goes on with
    it, to any other (`is_same_browser` False) it only says which site that was.
    """

    account: Account
    is_same_browser: bool
    sealed_request: str = field(repr=False)


def look_at_activation(visit: Visit, token: str) -> LinkState | None:
    """Say what the link is worth, changing nothing; None for a token we never gave."""
    registration = _find(visit, token)
    return registration.state(visit.now) if registration else None


def activate(visit: Visit, token: str) -> Activated | LinkDead:
    """Use the link.

    Raises:
        AccountChangedError: the account changed at the same moment; roll back.

    """
    registration = _find(visit, token)
    if registration is None or registration.state(visit.now) is not LinkState.USABLE:
        return LinkDead.describe(registration, visit.now)
    practitioner = visit.uow.practitioners.find(registration.finess)
    account = visit.uow.accounts.find_by_finess(registration.finess)
    if practitioner is None or practitioner.closed_at or not _may_activate(account):
        return LinkDead(LinkState.REPLACED)
    if not visit.uow.registrations.consume(registration.id, visit.now):
        return LinkDead.describe(_find(visit, token), visit.now)
    if account:
        activated = _update(visit, account, registration)
    else:
        activated = _create(visit, registration, practitioner)
    zero_counters(visit, registration.finess, devices=())
    send_notice(visit, Notice.ACCOUNT_ACTIVATED, registration.email, finess=registration.finess)
    visit.uow.commit()
    return Activated(
        account=activated,
        is_same_browser=visit.is_same_browser(registration.flow_digest),
        sealed_request=registration.sealed_request,
    )


def _find(visit: Visit, token: str) -> Registration | None:
    return visit.uow.registrations.find_by_link(digest(normalize_token(token)))


def _may_activate(account: Account | None) -> bool:
    return account is None or account.state is AccountState.WITHOUT_EMAIL


def _create(visit: Visit, registration: Registration, practitioner: Practitioner) -> Account:
    account = Account(
        sub=random_id(),
        finess=registration.finess,
        state=AccountState.ACTIVE,
        email=registration.email,
        email_verified_at=visit.now,
        password_hash=registration.password_hash,
        password_changed_at=visit.now,
        created_at=visit.now,
    )
    if not visit.uow.accounts.add(account):
        raise AccountChangedError
    if practitioner.email and not is_same_email(practitioner.email, account.email):
        send_notice(visit, Notice.ACCOUNT_CREATED, practitioner.email, finess=account.finess)
    visit.uow.audit.record(Event.ACCOUNT_CREATED, finess=account.finess, sub=account.sub)
    return account


def _update(visit: Visit, account: Account, registration: Registration) -> Account:
    updated = replace(
        account,
        state=AccountState.ACTIVE,
        email=registration.email,
        email_verified_at=visit.now,
        password_hash=registration.password_hash,
        password_changed_at=visit.now,
    )
    visit.save_account(updated)
    cut_access(visit, account)
    visit.uow.audit.record(Event.ACCOUNT_UPDATED, finess=account.finess, sub=account.sub)
    return updated
