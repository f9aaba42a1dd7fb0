"""Consultez votre boîte mail: the activation link is on its way, and may be sent again."""

from datetime import timedelta
from math import ceil

from flask import Response, request

from idp.accounts import registration
from idp.accounts.links import LinkState
from idp.accounts.outcomes import TooManyMails
from idp.web.context import current
from idp.web.forms import Form
from idp.web.french import mask_email
from idp.web.pages.door.plan import Door, asks_email
from idp.web.redirects import build_address, go_to
from idp.web.refusals import (
    EXPIRED,
    FRESH,
    FormStatus,
    explain_refusal,
    is_form_expired,
    render_form,
)
from idp.web.sealed_request import read_sealed_text

_PATIENCE = timedelta(minutes=1)


def show(door: Door) -> Response:
    """Show where the link went."""
    return _show_page(door, Form(), FRESH)


def resend(door: Door) -> Response:
    """Mail a new link, whose old one dies."""
    form = Form()
    if is_form_expired(form):
        return _show_page(door, form, EXPIRED)
    outcome = registration.resend_activation(current.visit)
    if isinstance(outcome, TooManyMails):
        return _show_page(door, form, explain_refusal(form, outcome, field="password"))
    resent = "1" if outcome else ""
    return go_to(build_address(door.sent_path, request=read_sealed_text(), resent=resent))


def _show_page(door: Door, form: Form, status: FormStatus) -> Response:
    """Show the page of this browser's registration; without one, step 1 is where to start."""
    waiting = current.uow.registrations.find_by_flow(current.flow.digest)
    if waiting is None or waiting.state(current.now) is not LinkState.USABLE:
        return go_to(build_address(door.path, request=read_sealed_text()))
    patience = waiting.created_at + _PATIENCE - current.now
    return render_form(
        "check_mail.html",
        status,
        form=form,
        masked_email=mask_email(waiting.email) if asks_email() else "",
        door=door.purpose,
        resend_action=door.resend_path,
        resend_after=max(0, ceil(patience.total_seconds())),
        resent="resent" in request.args,
    )
