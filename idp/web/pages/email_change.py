"""The links of a change of address: one confirms it from the new one, one undoes it from the old.

Both work in any browser, signed in or not; opening one shows a button, and the button acts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response

from idp.accounts import email_change, email_undo
from idp.accounts.email_change import EmailConfirmed
from idp.accounts.email_links import find_email_link
from idp.accounts.email_undo import EmailUndone
from idp.accounts.links import EmailLink, EmailLinkKind, LinkState
from idp.accounts.mails import LINK_PATHS, LinkMail
from idp.accounts.outcomes import LinkDead
from idp.accounts.visit import Visit
from idp.web.browser_session import forget_ended_session
from idp.web.context import current
from idp.web.csrf import is_genuine_post
from idp.web.mailed_links import (
    LinkPurpose,
    keep_browser_flow,
    put_link_away,
    read_ticket,
    show_dead_link,
)
from idp.web.redirects import go_to
from idp.web.rendering import render_page


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailAct:
    """What one of the two links does, and where."""

    kind: EmailLinkKind
    purpose: LinkPurpose
    path: str
    run: Callable[[Visit, str], EmailConfirmed | EmailUndone | LinkDead]

    @property
    def done_path(self) -> str:
        """Where one reads that it was done."""
        return f"{self.path}/terminee"


def build_email_act(act: EmailAct) -> Blueprint:
    """Return the pages of one of the links."""
    blueprint = Blueprint(act.purpose, __name__)

    @blueprint.get(act.path)
    def show() -> Response:
        return put_link_away(act.purpose, act.path) or _show_question(act)

    @blueprint.post(act.path)
    def run() -> Response:
        return _run(act) if is_genuine_post() else _show_question(act, status=403)

    @blueprint.get(act.done_path)
    def show_done() -> Response:
        return _show_done(act)

    return blueprint


confirmation = build_email_act(
    EmailAct(
        kind=EmailLinkKind.CONFIRM,
        purpose="email_change",
        path=LINK_PATHS[LinkMail.EMAIL_CONFIRMATION],
        run=email_change.confirm_email,
    )
)
undo = build_email_act(
    EmailAct(
        kind=EmailLinkKind.UNDO,
        purpose="email_undo",
        path=LINK_PATHS[LinkMail.EMAIL_UNDO],
        run=email_undo.undo_email_change,
    )
)


def _run(act: EmailAct) -> Response:
    ticket = read_ticket(act.purpose)
    outcome = act.run(current.visit, ticket)
    if isinstance(outcome, LinkDead):
        return show_dead_link(act.purpose, outcome.state)
    response = keep_browser_flow(go_to(act.done_path), act.purpose, ticket)
    return forget_ended_session(response)


def _show_question(act: EmailAct, *, status: int = 200) -> Response:
    ticket = read_ticket(act.purpose)
    link = find_email_link(current.visit, ticket, act.kind)
    state = link.state(current.now) if link else None
    if link is None or state is not LinkState.USABLE:
        return show_dead_link(act.purpose, state)
    return _render(act, link, "ask", status=status, ticket=ticket)


def _show_done(act: EmailAct) -> Response:
    link = find_email_link(current.visit, read_ticket(act.purpose), act.kind)
    if link is None or link.used_at is None:
        return go_to(act.path)
    return _render(act, link, "done")


def _render(
    act: EmailAct, link: EmailLink, state: str, *, status: int = 200, ticket: str = ""
) -> Response:
    return render_page(
        "email_change.html",
        status,
        act=act.kind.value,
        state=state,
        email=link.new_email,
        ticket=ticket,
    )
