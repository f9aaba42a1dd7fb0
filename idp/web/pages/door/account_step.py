"""Step 2, only behind a proof: e-mail address and password."""

from flask import Response, request

from idp.accounts import registration
from idp.accounts.credentials import Invalid, NewEmail, NewPassword
from idp.accounts.errors import HashQueueFullError
from idp.accounts.outcomes import TooManyMails
from idp.accounts.registration import ActivationSent, ProofLost, RegistrationForm
from idp.accounts.sealed_proof import open_proof
from idp.web.context import current
from idp.web.field_checks import read_password
from idp.web.forms import Form, read_form
from idp.web.french import write_finess
from idp.web.mailed_links import keep_browser_flow
from idp.web.pages.door.plan import Door, asks_email, show_closed
from idp.web.pages.door.proof_step import show_lost
from idp.web.redirects import build_address, go_to
from idp.web.refusals import (
    EXPIRED,
    FAULTY,
    FRESH,
    FormStatus,
    catch_full_queue,
    explain_refusal,
    is_form_expired,
    render_form,
)
from idp.web.sealed_request import read_sealed_text
from idp.web.waiting_request import read_waiting_text


def show(door: Door) -> Response:
    """Show the form of who proved the pair; anybody else starts at step 1."""
    if "proof" not in request.args:
        return go_to(build_address(door.path, request=read_sealed_text()))
    return _show_form(door, Form(), FRESH)


def register(door: Door) -> Response:
    """Keep the new credentials until the mailed link is used."""
    form = read_form(("email", "email_confirmation"))
    if is_form_expired(form):
        return _show_form(door, form, EXPIRED)
    typed = RegistrationForm(
        proof=_read_proof(),
        email=NewEmail(form.values["email"], form.values["email_confirmation"]),
        password=NewPassword(read_password("password"), read_password("password_confirmation")),
        sealed_request=read_waiting_text(),
    )
    outcome = catch_full_queue(lambda: registration.register(current.visit, door.purpose, typed))
    if isinstance(outcome, ActivationSent):
        return keep_browser_flow(go_to(build_address(door.sent_path, request=read_sealed_text())))
    if isinstance(outcome, ProofLost):
        return show_lost(door, FAULTY)
    if isinstance(outcome, Invalid | TooManyMails | HashQueueFullError):
        return _show_form(door, form, explain_refusal(form, outcome, field="password"))
    return show_closed(outcome)


def _show_form(door: Door, form: Form, status: FormStatus) -> Response:
    """Show the form under the number that was proved."""
    sealed = _read_proof()
    proof = open_proof(current.visit, door.purpose, sealed)
    if proof is None:
        return show_lost(door, status if status is EXPIRED else FAULTY)
    return render_form(
        f"{door.purpose}_account.html",
        status,
        form=form,
        finess=write_finess(proof.practitioner.finess),
        proof=sealed,
        asks_email=asks_email(),
    )


def _read_proof() -> str:
    return request.values.get("proof", "")
