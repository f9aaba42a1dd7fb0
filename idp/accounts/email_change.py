"""Mon compte: a new e-mail address, confirmed from the new one.

The password is asked on the counter of the login. The old address is told at once, and told again
at the confirmation, with a link that undoes it (`email_undo`).
"""

from dataclasses import dataclass, field, replace

from idp.accounts import mails, wording
from idp.accounts.account import Account, AccountState
from idp.accounts.counters import MAIL_PERIOD, CounterPurpose, may_mail
from idp.accounts.credentials import Invalid, NewEmail, find_email_faults
from idp.accounts.email_address import is_same_email, parse_email
from idp.accounts.email_links import find_email_link, make_email_link
from idp.accounts.links import EmailLinkKind, LinkState
from idp.accounts.outcomes import LinkDead, PasswordTooLong, Refusal, TooManyMails
from idp.accounts.password_check import Passed, clear_failures, try_password
from idp.accounts.passwords import Violation, is_too_long, normalize_password
from idp.accounts.visit import Visit
from idp.audit_events import Event
from idp.secret_values import random_token


@dataclass(frozen=True, slots=True)
class EmailForm:
    """The password, and the new address twice."""

    password: str = field(repr=False)
    email: NewEmail


@dataclass(frozen=True, slots=True)
class ConfirmationSent:
    """Consultez votre boîte: nothing changes before the link is used."""

    email: str


@dataclass(frozen=True, slots=True)
class EmailConfirmed:
    """The account has its new address."""

    email: str


EmailChangeOutcome = ConfirmationSent | Invalid | PasswordTooLong | TooManyMails | Refusal


def request_email_change(visit: Visit, form: EmailForm, *, account: Account) -> EmailChangeOutcome:
    """Mail the link that confirms the new address, and tell the old one.

    Raises:
        HashQueueFullError: no hash slot came free; nothing was reserved.

    """
    if faults := _find_faults(form.email, account):
        return Invalid(faults)
    password = normalize_password(form.password)
    if is_too_long(password, visit.policy.passwords):
        return PasswordTooLong()
    with visit.hasher.slots.take():
        checked = try_password(visit, finess=account.finess, password=password)
    if not isinstance(checked, Passed):
        return checked
    clear_failures(visit, checked)
    outcome = _send_link(visit, checked.account, parse_email(form.email.email) or "")
    visit.uow.commit()
    return outcome


def confirm_email(visit: Visit, token: str) -> EmailConfirmed | LinkDead:
    """Use the link mailed to the new address.

    Raises:
        AccountChangedError: the account changed at the same moment; roll back.

    """
    link = find_email_link(visit, token, EmailLinkKind.CONFIRM)
    if link is None or link.state(visit.now) is not LinkState.USABLE:
        return LinkDead.describe(link, visit.now)
    account = visit.uow.accounts.find(link.sub)
    if account is None or not account.may_sign_in:
        return LinkDead(LinkState.REPLACED)
    if not visit.uow.email_links.consume(link.id, visit.now):
        return LinkDead.describe(find_email_link(visit, token, EmailLinkKind.CONFIRM), visit.now)
    changed = replace(
        account, email=link.new_email, email_verified_at=visit.now, state=AccountState.ACTIVE
    )
    visit.save_account(changed)
    visit.uow.resets.replace_all(account.sub, visit.now)
    if account.email:
        _offer_undo(visit, account, new_email=link.new_email)
    visit.uow.audit.record(Event.EMAIL_CHANGED, finess=account.finess, sub=account.sub)
    visit.uow.commit()
    return EmailConfirmed(link.new_email)


def _find_faults(new: NewEmail, account: Account) -> dict[str, tuple[Violation, ...]]:
    faults = find_email_faults(new)
    if not faults and is_same_email(parse_email(new.email), account.email):
        return {"email": (Violation("unchanged", wording.EMAIL_UNCHANGED),)}
    return faults


def _send_link(visit: Visit, account: Account, email: str) -> ConfirmationSent | TooManyMails:
    limit = visit.policy.activation_mails_per_hour
    purpose = CounterPurpose.CONFIRMATION_MAIL
    if not may_mail(visit, purpose, account.sub, limit=limit):
        return TooManyMails(MAIL_PERIOD)
    token = random_token()
    link = make_email_link(
        visit, token, account=account, kind=EmailLinkKind.CONFIRM, new_email=email
    )
    visit.uow.email_links.add(link)
    mails.send_email_confirmation(visit, email, token=token, expires_at=link.expires_at)
    if account.email:
        notice = mails.Notice.EMAIL_CHANGE_REQUESTED
        mails.send_notice(visit, notice, account.email, finess=account.finess, new_email=email)
    visit.uow.audit.record(Event.EMAIL_CHANGE_REQUESTED, finess=account.finess, sub=account.sub)
    return ConfirmationSent(email)


def _offer_undo(visit: Visit, account: Account, *, new_email: str) -> None:
    token = random_token()
    link = make_email_link(
        visit, token, account=account, kind=EmailLinkKind.UNDO, new_email=new_email
    )
    visit.uow.email_links.add(link)
    mails.send_email_undo(
        visit,
        account.email or "",
        token=token,
        expires_at=link.expires_at,
        finess=account.finess,
        new_email=new_email,
    )
