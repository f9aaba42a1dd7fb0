"""Pages that need a session: without one they lead to Connexion, which leads back."""

from collections.abc import Callable
from functools import wraps

from flask import Response

from idp.accounts.account import Account
from idp.accounts.session import Session
from idp.web.context import current
from idp.web.redirects import build_address, go_to
from idp.web.sealed_request import read_sealed_text


def require_session(view: Callable[[Account, Session], Response]) -> Callable[[], Response]:
    """Give the view whose session it is, as long as they may sign in, and the session."""

    @wraps(view)
    def open_view() -> Response:
        if current.account is None or current.session is None:
            return go_to(build_address("/connexion", request=read_sealed_text(), suite="compte"))
        return view(current.account, current.session)

    return open_view
