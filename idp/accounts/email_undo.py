"""Undoing a change of address, from the old one: the account's owner never asked for it.

Whoever did has the password, so it is forgotten, and the account frozen until an administrator
reopens it: then Mot de passe oublié leads back in, by way of the old address. Of chained changes
the earliest wins: its address comes back, whichever of the links is used.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from idp.accounts.access import cut_access
from idp.accounts.account import Account, AccountState
from idp.accounts.alarms import Alarm, raise_alarm
from idp.accounts.email_links import find_email_link
from idp.accounts.links import EmailLink, EmailLinkKind, LinkState
from idp.accounts.outcomes import LinkDead
from idp.accounts.visit import Visit
from idp.audit_events import Event

FREEZE_REASON = "email_undone"


@dataclass(frozen=True, slots=True)
class EmailUndone:
    """The old address is back, and the account suspended: the phone."""

    email: str


def undo_email_change(visit: Visit, token: str) -> EmailUndone | LinkDead:
    """Use the link mailed to the old address.

    Raises:
        AccountChangedError: the account changed at the same moment; roll back.

    """
    link = find_email_link(visit, token, EmailLinkKind.UNDO)
    if link is None or link.state(visit.now) is not LinkState.USABLE:
        return LinkDead.describe(link, visit.now)
    account = visit.uow.accounts.find(link.sub)
    if account is None or account.state is AccountState.CLOSED:
        return LinkDead(LinkState.REPLACED)
    # Pressed twice at once, this one may be used by now: then none is usable, and none is consumed.
    usable = visit.uow.email_links.find_usable(account.sub, EmailLinkKind.UNDO, visit.now)
    earliest = min([*usable, link], key=attrgetter("created_at"))
    if not visit.uow.email_links.consume(link.id, visit.now):
        return LinkDead.describe(find_email_link(visit, token, EmailLinkKind.UNDO), visit.now)
    proved_at = visit.now if earliest.id == link.id else None
    _freeze(visit, account, earliest, proved_at=proved_at)
    visit.uow.commit()
    return EmailUndone(earliest.old_email or "")


def _freeze(visit: Visit, account: Account, link: EmailLink, *, proved_at: datetime | None) -> None:
    frozen = replace(
        account,
        email=link.old_email,
        email_verified_at=proved_at,
        password_hash=None,
        state=AccountState.DISABLED,
        disabled_reason=FREEZE_REASON,
    )
    visit.save_account(frozen)
    cut_access(visit, account)
    visit.uow.audit.record(Event.EMAIL_CHANGE_UNDONE, finess=account.finess, sub=account.sub)
    raise_alarm(visit, Alarm.EMAIL_UNDONE, finess=account.finess)
