"""Mon compte: the browsers where one is signed in, and the end of any of them."""

from flask import Blueprint, Response, request

from idp.accounts import sessions
from idp.accounts.account import Account
from idp.accounts.session import Session
from idp.web.browser_session import forget_session
from idp.web.context import current
from idp.web.csrf import is_genuine_post
from idp.web.french import say_moment
from idp.web.pages.signed_in import require_session
from idp.web.redirects import go_to
from idp.web.rendering import render_page

blueprint = Blueprint("account_sessions", __name__)

_PATH = "/compte/sessions"
_ALL_ENDED_PATH = "/compte/sessions/fermees"
_ALL = "all"


@blueprint.get(_PATH)
@require_session
def show(account: Account, session: Session) -> Response:
    """List the live sessions, latest first."""
    return _show_list(account, session)


@blueprint.post(_PATH)
@require_session
def end(account: Account, session: Session) -> Response:
    """End one session, or sign out everywhere."""
    if not is_genuine_post():
        return _show_list(account, session, status=403)
    chosen = request.form.get("session", "")
    if chosen == _ALL:
        sessions.end_all_sessions(current.visit, account)
        return forget_session(go_to(_ALL_ENDED_PATH))
    sessions.end_session(current.visit, account, chosen)
    if chosen == session.sid:
        return forget_session(go_to(_ALL_ENDED_PATH))
    return go_to(f"{_PATH}?done=1")


@blueprint.get(_ALL_ENDED_PATH)
def show_all_ended() -> Response:
    """Show that this browser is signed out."""
    return render_page("logout_done.html", frames=[], continue_url=None, client_name=None)


def _show_list(account: Account, current_session: Session, *, status: int = 200) -> Response:
    live = current.uow.sessions.find_all(account.sub, current.now)
    return render_page(
        "account_sessions.html",
        status,
        sessions=[_describe(session, current_session) for session in live],
        done=request.method == "GET" and "done" in request.args,
    )


def _describe(session: Session, current_session: Session) -> dict[str, object]:
    client_ids = current.uow.grants.find_client_ids(session.sid)
    clients = (current.services.clients.find(client_id) for client_id in client_ids)
    return {
        "id": session.sid,
        "device": session.browser,
        "started": say_moment(session.authenticated_at, current.now),
        "last_seen": say_moment(session.last_seen_at, current.now),
        "sites": [client.name for client in clients if client],
        "is_current": session.sid == current_session.sid,
        "is_shared": session.is_shared_computer,
    }
