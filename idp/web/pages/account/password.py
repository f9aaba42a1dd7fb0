"""Mon compte: a new password, for who knows the present one."""

from flask import Blueprint, Response

from idp.accounts import password_change
from idp.accounts.account import Account
from idp.accounts.credentials import NewPassword
from idp.accounts.outcomes import Blocked
from idp.accounts.password_change import PasswordChanged, PasswordForm
from idp.accounts.session import Session
from idp.web.browser_session import send_session_cookie
from idp.web.context import current
from idp.web.field_checks import check_password, read_password
from idp.web.forms import Form
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

blueprint = Blueprint("account_password", __name__)

_PATH = "/compte/mot-de-passe"
_FIELD = "current_password"


@blueprint.get(_PATH)
@require_session
def show(account: Account, _: Session) -> Response:
    """Show the form."""
    return _show_form(account, Form(), FRESH)


@blueprint.post(_PATH)
@require_session
def change(account: Account, session: Session) -> Response:
    """Change the password; this session goes on, and so does a site's request that waits."""
    form = Form()
    if is_form_expired(form):
        return _show_form(account, form, EXPIRED)
    typed = PasswordForm(
        current=check_password(form, _FIELD),
        new=NewPassword(read_password("password"), read_password("password_confirmation")),
    )
    if form.errors:
        return _show_form(account, form, FAULTY)
    outcome = catch_full_queue(
        lambda: password_change.change_password(
            current.visit, typed, account=account, session=session
        )
    )
    if isinstance(outcome, PasswordChanged):
        response = go_to(find_next_address(read_sealed_text(), otherwise="/compte?done=password"))
        return send_session_cookie(response, outcome.opened)
    if isinstance(outcome, Blocked):
        return show_blocked("login_blocked.html", outcome)
    return _show_form(account, form, explain_refusal(form, outcome, field=_FIELD))


def _show_form(account: Account, form: Form, status: FormStatus) -> Response:
    let_forms_lead_to_site(read_sealed_text())
    finess = write_finess(account.finess)
    return render_form("account_password.html", status, form=form, finess=finess)
