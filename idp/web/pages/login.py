"""Connexion: the form, and where it leads."""

from dataclasses import replace

from flask import Blueprint, Response, request

from idp.accounts import login
from idp.accounts.errors import HashQueueFullError
from idp.accounts.finess import normalize_finess
from idp.accounts.login import LoginContext, SignedIn
from idp.accounts.outcomes import Blocked, Failed, NetworkRefused, PasswordTooLong
from idp.web import wording
from idp.web.browser_session import has_ended_session
from idp.web.context import current
from idp.web.csrf import is_genuine_post
from idp.web.endpoints.authorize import answer_waiting
from idp.web.field_checks import check_finess, check_password
from idp.web.forms import Form, read_form
from idp.web.redirects import build_address, go_to
from idp.web.refusals import (
    EXPIRED,
    FAULTY,
    FRESH,
    FormStatus,
    catch_full_queue,
    explain_refusal,
    render_form,
    show_blocked,
)
from idp.web.sealed_request import read_sealed_text
from idp.web.waiting_request import (
    WaitingRequest,
    find_next_address,
    find_waiting_request,
    let_forms_lead_to_site,
)

blueprint = Blueprint("login", __name__)

WELCOME = "/bienvenue"
# Where a login leads when no site waits: the names that ?suite= may have.
_HOMES = {"compte": "/compte"}


@blueprint.get("/connexion")
def show() -> Response:
    """Show the form; whoever is signed in, and brings no request, goes on to their page."""
    waiting = find_waiting_request(read_sealed_text())
    if waiting is None and current.account:
        return go_to(_find_home())
    hint = waiting.received.parameters.get("login_hint", "") if waiting and waiting.received else ""
    form = Form(values={"finess": normalize_finess(hint) or ""})
    return _show_form(form, state=_find_state(waiting))


@blueprint.post("/connexion")
def sign_in() -> Response:
    """Sign in and go on, or show the form again with what was wrong."""
    form = read_form(("finess", "shared_computer"))
    if not is_genuine_post():
        return _show_form(form, state="form_expired", status=EXPIRED)
    finess, password = check_finess(form), check_password(form)
    if form.errors:
        return _show_form(form, status=FAULTY)
    waiting = find_waiting_request(read_sealed_text())
    visit = replace(current.visit, client_id=waiting.client.client_id if waiting else None)
    context = _read_context(form, waiting)
    outcome = catch_full_queue(
        lambda: login.sign_in(visit, finess=finess, password=password, context=context)
    )
    return _go_on(outcome) if isinstance(outcome, SignedIn) else _refuse(form, outcome)


def _read_context(form: Form, waiting: WaitingRequest | None) -> LoginContext:
    return LoginContext(
        is_shared_computer=bool(form.values["shared_computer"]),
        current_session=current.session,
        request_id=waiting.received.request_id if waiting and waiting.received else None,
    )


def _go_on(outcome: SignedIn) -> Response:
    """Answer the site that waits; what is worth saying to the practitioner comes before.

    Two answers are asked for by themselves: a page that posts (reloaded, it must not sign in
    again), and that of a pushed request (its one use is not for a form that is sent twice).
    """
    current.start_session(outcome)
    text, before = read_sealed_text(), current.session_before
    if outcome.needs_email or outcome.suggests_new_password:
        kind = "email" if outcome.needs_email else "password"
        return go_to(build_address("/connexion/rappel", kind=kind, request=text))
    waiting = find_waiting_request(text)
    received = waiting.received if waiting and not waiting.is_over(before) else None
    is_posted = received and received.parameters.get("response_mode") == "form_post"
    if received and not is_posted and not received.pushed_reference:
        return answer_waiting(received)
    return go_to(find_next_address(text, otherwise=_find_home(), before=before))


def _refuse(
    form: Form, outcome: Failed | Blocked | NetworkRefused | PasswordTooLong | HashQueueFullError
) -> Response:
    if isinstance(outcome, Blocked):
        return show_blocked("login_blocked.html", outcome)
    if isinstance(outcome, Failed):
        form.add_error("form", wording.WRONG_CREDENTIALS)
        return _show_form(form, state="failed", status=FAULTY, tries_left=outcome.tries_left)
    return _show_form(form, status=explain_refusal(form, outcome, field="password"))


def _show_form(
    form: Form, *, state: str = "fresh", status: FormStatus = FRESH, tries_left: int = 0
) -> Response:
    text = read_sealed_text()
    let_forms_lead_to_site(text)
    context = {"form": form, "state": state, "tries_left": tries_left, "suite": _read_suite()}
    return render_form("login.html", status, **context)


def _find_state(waiting: WaitingRequest | None) -> str:
    """Say why the form is shown to somebody who may not expect it."""
    if waiting and waiting.received is None:
        return "request_expired"
    return "session_expired" if has_ended_session() else "fresh"


def _find_home() -> str:
    return _HOMES.get(_read_suite(), WELCOME)


def _read_suite() -> str:
    """Return the page of ours that was asked for before the login, by the name it has here."""
    suite = request.values.get("suite", "")
    return suite if suite in _HOMES else ""
