"""Every mail of the accounts room: its template, its parameters, and who gets it.

Times are ISO 8601 in UTC; links and codes are secrets of the outbox and stand nowhere else. No
parameter names a practitioner or a FINESS number: a mail may reach a stranger.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from idp.accounts.email_address import mask_email
from idp.accounts.visit import Visit


class LinkPath(StrEnum):
    """Where the links of mails lead, below the issuer."""

    ACTIVATION = "/activation"
    RESET = "/reinitialisation"
    EMAIL_CONFIRMATION = "/compte/email/confirmation"
    EMAIL_UNDO = "/compte/email/annulation"


def send_activation(visit: Visit, to: str, *, token: str, expires_at: datetime) -> None:
    """`link`, `expires_at`: the registration's one link, good once."""
    _send_link(visit, "activation", to, link=(LinkPath.ACTIVATION, token), expires_at=expires_at)


def send_account_activated(visit: Visit, to: str) -> None:
    """`login_url`: the account can be used."""
    _send(visit, "account_activated", to, {"login_url": f"{visit.policy.issuer}/connexion"})


def send_account_created_notice(visit: Visit, to: str) -> None:
    """`at`: to the directory's address, an account was created with another one."""
    _send(visit, "account_created_notice", to, {"at": visit.now.isoformat()})


def send_already_has_account(visit: Visit, to: str) -> None:
    """`reset_url`: somebody proved the IBAN to register, and the account exists."""
    _send(visit, "already_has_account", to, {"reset_url": _reset_url(visit)})


def send_update_warning(visit: Visit, to: str) -> None:
    """`at`, `reset_url`: somebody proved the IBAN to change the account's credentials."""
    _send(
        visit,
        "update_warning",
        to,
        {"at": visit.now.isoformat(), "reset_url": _reset_url(visit)},
    )


def send_reset(visit: Visit, to: str, *, token: str, code: str, expires_at: datetime) -> None:
    """`link`, `code`, `expires_at`: the way to a new password. Nobody (`to` empty) for a decoy."""
    visit.uow.outbox.enqueue_mail(
        "reset",
        to=to,
        parameters={"expires_at": expires_at.isoformat()},
        secrets={"link": _build_link(visit, LinkPath.RESET, token), "code": code},
        expires_at=expires_at,
        now=visit.now,
    )


def send_password_changed(visit: Visit, to: str) -> None:
    """`at`, `reset_url`: the password was changed or reset."""
    _send(
        visit,
        "password_changed",
        to,
        {"at": visit.now.isoformat(), "reset_url": _reset_url(visit)},
    )


def send_account_blocked(visit: Visit, to: str, *, until: datetime) -> None:
    """`at`, `until`, `reset_url`: too many failures. Nobody (`to` empty) where nobody is known."""
    parameters = {
        "at": visit.now.isoformat(),
        "until": until.isoformat(),
        "reset_url": _reset_url(visit),
    }
    _send(visit, "account_blocked", to, parameters)


def send_email_change_confirm(visit: Visit, to: str, *, token: str, expires_at: datetime) -> None:
    """`link`, `expires_at`: to the new address."""
    link = (LinkPath.EMAIL_CONFIRMATION, token)
    _send_link(visit, "email_change_confirm", to, link=link, expires_at=expires_at)


def send_email_change_notice(visit: Visit, to: str, *, new_email: str) -> None:
    """`at`, `new_email` (masked): to the old address, a change was asked for."""
    parameters = {"at": visit.now.isoformat(), "new_email": mask_email(new_email)}
    _send(visit, "email_change_notice", to, parameters)


def send_email_changed_undo(visit: Visit, to: str, *, token: str, expires_at: datetime) -> None:
    """`link`, `expires_at`: to the old address, the change was made and can be undone."""
    link = (LinkPath.EMAIL_UNDO, token)
    _send_link(visit, "email_changed_undo", to, link=link, expires_at=expires_at)


def send_account_reclaimed(visit: Visit, to: str) -> None:
    """`at`: an account was closed because somebody else held it."""
    _send(visit, "account_reclaimed", to, {"at": visit.now.isoformat()})


def send_alarm(visit: Visit, to: str, *, text: str) -> None:
    """`at`, `text`: to an administrator."""
    _send(visit, "admin_alarm", to, {"at": visit.now.isoformat(), "text": text})


def _send(visit: Visit, template: str, to: str, parameters: Mapping[str, str]) -> None:
    visit.uow.outbox.enqueue_mail(template, to=to, parameters=parameters, now=visit.now)


def _send_link(
    visit: Visit, template: str, to: str, *, link: tuple[LinkPath, str], expires_at: datetime
) -> None:
    visit.uow.outbox.enqueue_mail(
        template,
        to=to,
        parameters={"expires_at": expires_at.isoformat()},
        secrets={"link": _build_link(visit, *link)},
        expires_at=expires_at,
        now=visit.now,
    )


def _build_link(visit: Visit, path: LinkPath, token: str) -> str:
    return f"{visit.policy.issuer}{path}?token={token}"


def _reset_url(visit: Visit) -> str:
    return f"{visit.policy.issuer}/mot-de-passe-oublie"
