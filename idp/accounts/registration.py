"""Inscription and Mettre à jour mon compte, step 2: new credentials behind a proof, then a mail.

Nothing exists until the mail's link is used: a registration waits beside the accounts. A new one
for the same number replaces it and kills its link. What activation then does is decided by the
account: there is none, or it has no address yet.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from idp.accounts import mails
from idp.accounts.counters import MAIL_PERIOD, CounterPurpose, may_mail
from idp.accounts.credentials import (
    Invalid,
    NewEmail,
    NewPassword,
    describe_owner,
    find_email_faults,
    find_password_faults,
)
from idp.accounts.email_address import parse_email
from idp.accounts.links import LinkState, Registration, RegistrationPurpose
from idp.accounts.outcomes import TooManyMails
from idp.accounts.passwords import Violation, normalize_password
from idp.accounts.policy import RegistrationEmail
from idp.accounts.practitioner import Practitioner
from idp.accounts.proof import AlreadyActive, ByPhone, refuse_proved
from idp.accounts.sealed_proof import consume_proof, open_proof
from idp.accounts.visit import Visit
from idp.audit_events import Event
from idp.secret_values import digest, random_id, random_token


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationForm:
    """Step 2 as it was posted; without `email` where the mail goes to the address on file."""

    proof: str = field(repr=False)
    email: NewEmail
    password: NewPassword
    sealed_request: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ActivationSent:
    """Consultez votre boîte: where the link went, and until when it is good."""

    email: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ProofLost:
    """The proof is too old, used, or of another browser: start again at step 1."""


RegistrationOutcome = ActivationSent | Invalid | ProofLost | AlreadyActive | ByPhone | TooManyMails


def register(
    visit: Visit, door: RegistrationPurpose, form: RegistrationForm
) -> RegistrationOutcome:
    """Take the new credentials and mail the activation link.

    Raises:
        HashQueueFullError: no hash slot came free; the proof is still good.

    """
    proof = open_proof(visit, door, form.proof)
    if proof is None:
        return ProofLost()
    if refusal := refuse_proved(visit, door, proof.practitioner):
        visit.uow.commit()
        return refusal
    email, faults = _check_form(visit, form, proof.practitioner)
    if faults:
        return Invalid(faults)
    with visit.hasher.slots.take():
        password_hash = visit.hasher.hash(normalize_password(form.password.password))
    if not consume_proof(visit, proof):
        return ProofLost()
    token = random_token()
    registration = Registration(
        id=random_id(),
        link_digest=digest(token),
        finess=proof.practitioner.finess,
        created_at=visit.now,
        expires_at=visit.now + visit.policy.activation_lifetime,
        purpose=door,
        email=email,
        password_hash=password_hash,
        sealed_request=form.sealed_request,
        flow_digest=visit.flow_digest,
    )
    return _send_link(visit, registration, token, event=Event.REGISTRATION_REQUESTED)


def resend_activation(visit: Visit) -> ActivationSent | TooManyMails | None:
    """Renvoyer: mail a new link for this browser's registration, whose old link dies.

    None where this browser has none that waits.
    """
    waiting = visit.uow.registrations.find_by_flow(visit.flow_digest) if visit.flow_digest else None
    if waiting is None or waiting.state(visit.now) is not LinkState.USABLE:
        return None
    token = random_token()
    renewed = replace(
        waiting,
        id=random_id(),
        link_digest=digest(token),
        created_at=visit.now,
        expires_at=visit.now + visit.policy.activation_lifetime,
    )
    return _send_link(visit, renewed, token, event=Event.REGISTRATION_RESENT)


def _check_form(
    visit: Visit, form: RegistrationForm, practitioner: Practitioner
) -> tuple[str, dict[str, tuple[Violation, ...]]]:
    """Return the address that gets the mail, and every fault."""
    is_chosen = visit.policy.registration_email is RegistrationEmail.CHOSEN
    faults = find_email_faults(form.email) if is_chosen else {}
    email = (parse_email(form.email.email) if is_chosen else practitioner.email) or ""
    owner = describe_owner(practitioner.finess, email, practitioner)
    return email, faults | find_password_faults(form.password, visit.policy.passwords, owner)


def _send_link(
    visit: Visit, registration: Registration, token: str, *, event: Event
) -> ActivationSent | TooManyMails:
    """Keep the registration and mail its link; past the hour's mails the earlier link stays."""
    finess, limit = registration.finess, visit.policy.activation_mails_per_hour
    if not may_mail(visit, CounterPurpose.ACTIVATION_MAIL, finess, limit=limit):
        visit.uow.commit()
        return TooManyMails(MAIL_PERIOD)
    visit.uow.registrations.add(registration)
    expires_at = registration.expires_at
    mails.send_activation(visit, registration.email, token=token, expires_at=expires_at)
    visit.uow.audit.record(event, finess=finess, reason=registration.purpose)
    visit.uow.commit()
    return ActivationSent(registration.email, expires_at)
