"""Mon compte: another e-mail address, for who knows the password; the mail's link confirms it."""

from flask import Blueprint, Response

from idp.accounts import email_change
from idp.accounts.account import Account
from idp.accounts.credentials import NewEmail
from idp.accounts.email_change import ConfirmationSent, EmailForm
from idp.accounts.outcomes import Blocked
from idp.accounts.session import Session
from idp.web.context import current
from idp.web.field_checks import check_password
from idp.web.forms import Form, read_form
from idp.web.french import write_finess
from idp.web.pages.signed_in import require_session
from idp.web.redirects import go_to
from idp.web.refusals import (
    EXPIRED,
    FAULTY,
    FRESH,
    FormStatus,
    catch_full_queue,
    explain_refusal,
    is_form_expired,
    render_form,
    show_blocked,
)
from idp.web.sealed_request import read_sealed_text
from idp.web.waiting_request import find_next_address, let_forms_lead_to_site

blueprint = Blueprint("account_email", __name__)

_PATH = "/compte/email"
_FIELD = "current_password"


@blueprint.get(_PATH)
@require_session
def show(account: Account, _: Session) -> Response:
    """Show the form."""
    return _show_form(account, Form(), FRESH)


@blueprint.post(_PATH)
@require_session
def change(account: Account, _: Session) -> Response:
    """Mail the link that confirms the new address; a site's request that waits goes on."""
    form = read_form(("email", "email_confirmation"))
    if is_form_expired(form):
        return _show_form(account, form, EXPIRED)
    typed = EmailForm(
        password=check_password(form, _FIELD),
        email=NewEmail(form.values["email"], form.values["email_confirmation"]),
    )
    if form.errors:
        return _show_form(account, form, FAULTY)
    outcome = catch_full_queue(
        lambda: email_change.request_email_change(current.visit, typed, account=account)
    )
    if isinstance(outcome, ConfirmationSent):
        return go_to(find_next_address(read_sealed_text(), otherwise="/compte?done=email"))
    if isinstance(outcome, Blocked):
        return show_blocked("login_blocked.html", outcome)
    return _show_form(account, form, explain_refusal(form, outcome, field=_FIELD))


def _show_form(account: Account, form: Form, status: FormStatus) -> Response:
    let_forms_lead_to_site(read_sealed_text())
    context = {"email": account.email or "", "finess": write_finess(account.finess)}
    return render_form("account_email.html", status, form=form, **context)
