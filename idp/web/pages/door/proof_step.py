"""Step 1: FINESS number and the last five characters of the IBAN."""

from flask import Response

from idp.accounts import proof
from idp.accounts.outcomes import Blocked, Failed, NetworkRefused
from idp.accounts.proof import Proved
from idp.web import wording
from idp.web.context import current
from idp.web.field_checks import check_finess, check_suffix
from idp.web.forms import Form, read_form
from idp.web.mailed_links import keep_browser_flow
from idp.web.pages.door.plan import Door, show_closed
from idp.web.redirects import build_address, go_to
from idp.web.refusals import (
    EXPIRED,
    FAULTY,
    FRESH,
    FormStatus,
    is_form_expired,
    render_form,
    show_blocked,
)
from idp.web.sealed_request import read_sealed_text


def show(door: Door) -> Response:
    """Show the form."""
    return _show_form(door, Form())


def prove(door: Door) -> Response:
    """Check the pair; the proof goes to step 2 in the address, worth nothing in other browsers."""
    form = read_form(("finess", "iban_suffix"))
    if is_form_expired(form):
        return _show_form(door, form, EXPIRED)
    finess, suffix = check_finess(form), check_suffix(form)
    if form.errors:
        return _show_form(door, form, FAULTY)
    outcome = proof.prove(current.visit, door.purpose, finess=finess, suffix=suffix)
    if isinstance(outcome, Proved):
        address = build_address(door.account_path, proof=outcome.sealed, request=read_sealed_text())
        return keep_browser_flow(go_to(address))
    if isinstance(outcome, Failed):
        form.add_error("form", f"{wording.WRONG_PAIR} {wording.count_tries(outcome.tries_left)}")
        return _show_form(door, form, FAULTY)
    if isinstance(outcome, NetworkRefused):
        outcome = Blocked(current.now + outcome.retry_after)
    if isinstance(outcome, Blocked):
        return show_blocked("proof_blocked.html", outcome)
    return show_closed(outcome)


def show_lost(door: Door, status: FormStatus) -> Response:
    """Show the form to somebody whose proof is too old, used, or another browser's."""
    form = Form()
    form.add_error("form", wording.PROOF_LOST)
    return _show_form(door, form, status)


def _show_form(door: Door, form: Form, status: FormStatus = FRESH) -> Response:
    return render_form(f"{door.purpose}_proof.html", status, form=form)
