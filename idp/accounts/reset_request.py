"""Mot de passe oublié, step 1: number and address, then a mail with a link and a code.

The answer is the same whether or not they match, and so is the work: where they do not, a decoy is
kept whose mail goes to nobody. Every link stays good until one is used.
"""

from idp.accounts import mails
from idp.accounts.account import Account, AccountState
from idp.accounts.counters import CounterPurpose, may_mail
from idp.accounts.email_address import fold_email, is_same_email
from idp.accounts.links import Reset
from idp.accounts.reset_code import make_code_digest
from idp.accounts.visit import Visit
from idp.audit_events import Event
from idp.secret_values import digest, random_digits, random_id, random_token


def request_reset(visit: Visit, *, finess: str, email: str, sealed_request: str = "") -> None:
    """Mail link and code to a matching active account; the caller learns nothing of it.

    Args:
        visit: the visit.
        finess: a normalized number.
        email: an address, parsed; what is mailed is the address on file.
        sealed_request: the authorization request to go on with afterwards.

    """
    limit = visit.policy.reset_mails_per_hour
    parts = (finess, fold_email(email))
    if may_mail(visit, CounterPurpose.RESET_MAIL, *parts, limit=limit):
        account = visit.uow.accounts.find_by_finess(finess)
        is_match = account and account.state is AccountState.ACTIVE
        owner = account if is_match and account and is_same_email(account.email, email) else None
        _send_link(visit, finess, owner, sealed_request=sealed_request)
    visit.uow.commit()


def _send_link(visit: Visit, finess: str, owner: Account | None, *, sealed_request: str) -> None:
    token, code, reset_id = random_token(), random_digits(), random_id()
    expires_at = visit.now + visit.policy.reset_lifetime
    sub = owner.sub if owner else None
    reset = Reset(
        id=reset_id,
        link_digest=digest(token),
        finess=finess,
        created_at=visit.now,
        expires_at=expires_at,
        sub=sub,
        code_digest=make_code_digest(visit, reset_id, code),
        sealed_request=sealed_request,
        flow_digest=visit.flow_digest,
    )
    visit.uow.resets.add(reset)
    to = (owner.email if owner else None) or ""
    mails.send_reset(visit, to, token=token, code=code, expires_at=expires_at)
    visit.uow.audit.record(Event.RESET_REQUESTED, finess=finess, sub=sub)
