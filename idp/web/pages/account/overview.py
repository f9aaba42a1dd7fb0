"""Mon compte: everything at a glance."""

from flask import Blueprint, Response, request

from idp.accounts.account import Account
from idp.accounts.links import EmailLinkKind
from idp.accounts.session import Session
from idp.web.context import current
from idp.web.french import say_day, write_finess
from idp.web.pages.signed_in import require_session
from idp.web.rendering import render_page

blueprint = Blueprint("account", __name__)

_DONE = frozenset({"password", "email", "sessions", "site"})


@blueprint.get("/compte")
@require_session
def show(account: Account, _: Session) -> Response:
    """Show the account, and what was just done to it."""
    uow, now = current.uow, current.now
    practitioner = uow.practitioners.find(account.finess)
    pending = uow.email_links.find_usable(account.sub, EmailLinkKind.CONFIRM, now)
    changed_at, done = account.password_changed_at, request.args.get("done", "")
    return render_page(
        "account_overview.html",
        name=practitioner.name if practitioner else "",
        finess=write_finess(account.finess),
        email=account.email or "",
        email_pending=pending[-1].new_email if pending else "",
        password_changed=say_day(changed_at) if changed_at else "",
        session_count=len(uow.sessions.find_all(account.sub, now)),
        site_count=len(uow.grants.find_latest_by_client(account.sub)),
        done=done if done in _DONE else "",
    )
