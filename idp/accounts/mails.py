"""Every mail of the accounts room: its template, its parameters, and who gets it.

Moments are ISO 8601 in UTC; links and codes are secrets of the outbox and stand nowhere else. What
goes to an address that is not proved yet names neither a practitioner nor a FINESS number: it may
reach a stranger.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from idp.accounts.visit import Visit


class Notice(StrEnum):
    """Mails that tell an owner what happened; each has `finess` and `at`.

    Besides: ACCOUNT_BLOCKED has `blocked_until`, the two of an e-mail address `new_email`.
    """

    ACCOUNT_ACTIVATED = "account_activated"
    ACCOUNT_CREATED = "account_created_notice"
    ALREADY_HAS_ACCOUNT = "already_has_account"
    UPDATE_WARNING = "update_warning"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a template
    ACCOUNT_BLOCKED = "account_blocked"
    ACCOUNT_RECLAIMED = "account_reclaimed"
    EMAIL_CHANGE_REQUESTED = "email_change_notice"
    EMAIL_SET = "email_set_notice"


class LinkMail(StrEnum):
    """Mails that carry a link good once."""

    ACTIVATION = "activation"
    RESET = "reset"
    EMAIL_CONFIRMATION = "email_change_confirm"
    EMAIL_UNDO = "email_changed_undo"


LINK_PATHS = {
    LinkMail.ACTIVATION: "/activation",
    LinkMail.RESET: "/reinitialisation",
    LinkMail.EMAIL_CONFIRMATION: "/compte/email/confirmation",
    LinkMail.EMAIL_UNDO: "/compte/email/annulation",
}
"""Where each link leads: the pages stand at these addresses."""


def send_notice(visit: Visit, notice: Notice, to: str, *, finess: str, **more: str) -> None:
    """Queue a notice; `to` is empty where there is nobody to tell, and the work is the same."""
    parameters = {"finess": finess, "at": visit.now.isoformat(), **more}
    visit.uow.outbox.enqueue_mail(notice, to=to, parameters=parameters, now=visit.now)


def send_activation(visit: Visit, to: str, *, token: str, expires_at: datetime) -> None:
    """Queue the link that confirms the address of a registration."""
    _send_link(visit, LinkMail.ACTIVATION, to, token=token, expires_at=expires_at)


def send_reset(visit: Visit, to: str, *, token: str, code: str, expires_at: datetime) -> None:
    """Queue the link and the code of a reset; `to` is empty for a decoy."""
    secrets = {"code": code}
    _send_link(visit, LinkMail.RESET, to, token=token, expires_at=expires_at, secrets=secrets)


def send_email_confirmation(visit: Visit, to: str, *, token: str, expires_at: datetime) -> None:
    """Queue the link that confirms a new address, to it."""
    _send_link(visit, LinkMail.EMAIL_CONFIRMATION, to, token=token, expires_at=expires_at)


def send_email_undo(
    visit: Visit, to: str, *, token: str, expires_at: datetime, finess: str, new_email: str
) -> None:
    """Queue the link that undoes a change, to the old address."""
    parameters = {"finess": finess, "at": visit.now.isoformat(), "new_email": new_email}
    _send_link(
        visit, LinkMail.EMAIL_UNDO, to, token=token, expires_at=expires_at, parameters=parameters
    )


def send_alarm(visit: Visit, to: str, *, what: str) -> None:
    """Queue an alarm for an administrator, `what` being a French sentence."""
    parameters = {"what": what, "at": visit.now.isoformat()}
    visit.uow.outbox.enqueue_mail("alarm", to=to, parameters=parameters, now=visit.now)


def _send_link(
    visit: Visit,
    mail: LinkMail,
    to: str,
    *,
    token: str,
    expires_at: datetime,
    parameters: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
) -> None:
    link = f"{visit.policy.issuer}{LINK_PATHS[mail]}?token={token}"
    visit.uow.outbox.enqueue_mail(
        mail,
        to=to,
        parameters=parameters or {},
        secrets={"link": link, **(secrets or {})},
        expires_at=expires_at,
        now=visit.now,
    )
