"""Mot de passe oublié: asked here, continued from the mail's link with a code, then a password."""

from flask import Blueprint, Response

from idp.accounts import reset, reset_code, reset_request
from idp.accounts.credentials import Invalid, NewPassword
from idp.accounts.errors import HashQueueFullError
from idp.accounts.mails import LINK_PATHS, LinkMail
from idp.accounts.outcomes import LinkDead
from idp.accounts.reset import PasswordReset
from idp.accounts.reset_code import CodeNeeded, CodeRefused, CodesExhausted, PasswordNeeded
from idp.web import wording
from idp.web.browser_session import forget_ended_session, send_device_cookie
from idp.web.context import current
from idp.web.field_checks import check_code, check_email, check_finess, read_password
from idp.web.forms import Form, read_form
from idp.web.french import write_finess
from idp.web.mailed_links import (
    keep_browser_flow,
    put_link_away,
    read_ticket,
    show_dead_link,
    show_spent_codes,
)
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
from idp.web.rendering import render_page
from idp.web.waiting_request import read_waiting_text

blueprint = Blueprint("reset", __name__)

_ASK_PATH = "/mot-de-passe-oublie"
_CODE_PATH = LINK_PATHS[LinkMail.RESET]
_PASSWORD_PATH = f"{_CODE_PATH}/mot-de-passe"
_DONE_PATH = f"{_CODE_PATH}/terminee"


@blueprint.get(_ASK_PATH)
def show() -> Response:
    """Ask for FINESS number and e-mail address."""
    return _show_question(Form(), FRESH)


@blueprint.post(_ASK_PATH)
def ask() -> Response:
    """Mail link and code where both match an account; the answer never says whether they did."""
    form = read_form(("finess", "email"))
    if is_form_expired(form):
        return _show_question(form, EXPIRED)
    finess, email = check_finess(form), check_email(form)
    if form.errors:
        return _show_question(form, FAULTY)
    text = read_waiting_text()
    reset_request.request_reset(current.visit, finess=finess, email=email, sealed_request=text)
    return keep_browser_flow(go_to(build_address(f"{_ASK_PATH}/envoye", request=text)))


@blueprint.get(f"{_ASK_PATH}/envoye")
def show_sent() -> Response:
    """Show what to look for in the mailbox."""
    return render_page("reset_sent.html")


@blueprint.get(_CODE_PATH)
def show_code() -> Response:
    """Ask whoever opened the mail's link for the code."""
    return put_link_away("reset", _CODE_PATH) or _show_code(Form(), FRESH)


@blueprint.post(_CODE_PATH)
def prove_code() -> Response:
    """Compare the code with the one mailed with this very link."""
    form = read_form(("finess", "code"))
    if is_form_expired(form):
        return _show_code(form, EXPIRED)
    ticket, finess, code = read_ticket("reset"), check_finess(form), check_code(form)
    if form.errors:
        return _show_code(form, FAULTY)
    outcome = reset_code.try_code(current.visit, ticket, finess=finess, code=code)
    if isinstance(outcome, CodeRefused):
        form.add_error("form", f"{wording.WRONG_CODE} {wording.count_tries(outcome.tries_left)}")
        return _show_code(form, FAULTY)
    return _lead(outcome, ticket)


@blueprint.get(_PASSWORD_PATH)
def show_password() -> Response:
    """Ask the browser that proved the code for the new password."""
    return _show_password(Form(), FRESH)


@blueprint.post(_PASSWORD_PATH)
def set_password() -> Response:
    """Set the new password, once; nobody is signed in by it."""
    form, ticket = Form(), read_ticket("reset")
    if is_form_expired(form):
        return _show_password(form, EXPIRED)
    new = NewPassword(read_password("password"), read_password("password_confirmation"))
    outcome = catch_full_queue(lambda: reset.set_new_password(current.visit, ticket, new))
    if isinstance(outcome, Invalid | HashQueueFullError):
        return _show_password(form, explain_refusal(form, outcome, field="password"))
    if not isinstance(outcome, PasswordReset):
        return _lead(outcome, ticket)
    response = go_to(build_address(_DONE_PATH, request=outcome.sealed_request))
    return forget_ended_session(send_device_cookie(response, outcome.device_secret))


@blueprint.get(_DONE_PATH)
def show_done() -> Response:
    """Show that the password was reset, and lead to the login."""
    return render_page("reset_done.html")


def _show_question(form: Form, status: FormStatus) -> Response:
    return render_form("reset_request.html", status, form=form)


def _show_code(form: Form, status: FormStatus) -> Response:
    ticket = read_ticket("reset")
    step = reset_code.look_at_reset(current.visit, ticket)
    if not isinstance(step, CodeNeeded):
        return _lead(step, ticket)
    form.values["code"] = ""
    return render_form("reset_code.html", status, form=form, ticket=ticket)


def _show_password(form: Form, status: FormStatus) -> Response:
    ticket = read_ticket("reset")
    step = reset_code.look_at_reset(current.visit, ticket)
    if not isinstance(step, PasswordNeeded):
        return _lead(step, ticket)
    found = reset_code.find_reset(current.visit, ticket)
    finess = write_finess(found.finess) if found else ""
    return render_form("reset_password.html", status, form=form, finess=finess, ticket=ticket)


def _lead(step: CodeNeeded | PasswordNeeded | CodesExhausted | LinkDead, ticket: str) -> Response:
    """Lead to the page of this step, or say why the link leads nowhere."""
    if isinstance(step, LinkDead):
        return show_dead_link("reset", step.state)
    if isinstance(step, CodesExhausted):
        return show_spent_codes()
    path = _PASSWORD_PATH if isinstance(step, PasswordNeeded) else _CODE_PATH
    return keep_browser_flow(go_to(path), "reset", ticket)
