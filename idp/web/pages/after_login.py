"""What may come after a login: a reminder before it leads on, a welcome where no site waits."""

from flask import Blueprint, Response, request

from idp.accounts.account import Account
from idp.accounts.session import Session
from idp.web.csrf import is_genuine_post
from idp.web.french import write_finess
from idp.web.pages.login import WELCOME
from idp.web.pages.signed_in import require_session
from idp.web.redirects import go_to
from idp.web.refusals import EXPIRED, FRESH, FormStatus, render_form
from idp.web.rendering import render_page
from idp.web.sealed_request import read_sealed_text
from idp.web.waiting_request import find_next_address, let_forms_lead_to_site

blueprint = Blueprint("after_login", __name__)


@blueprint.get(WELCOME)
@require_session
def show_welcome(account: Account, _: Session) -> Response:
    """Show that one is signed in, where no site waits."""
    return render_page("welcome.html", finess=write_finess(account.finess))


@blueprint.get("/connexion/rappel")
@require_session
def show_reminder(_account: Account, _session: Session) -> Response:
    """Suggest a new password or an e-mail address, once; the request goes on waiting."""
    return _show_reminder(FRESH)


@blueprint.post("/connexion/plus-tard")
def postpone() -> Response:
    """Go on to where the login leads: the reminder was seen."""
    if not is_genuine_post():
        return _show_reminder(EXPIRED)
    return go_to(find_next_address(read_sealed_text(), otherwise=WELCOME))


def _show_reminder(status: FormStatus) -> Response:
    let_forms_lead_to_site(read_sealed_text())
    kind = "email" if request.values.get("kind") == "email" else "password"
    return render_form("reminder.html", status, kind=kind)
