"""Mon compte: the sites one signed in to, what they may know, and taking it back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from flask import Blueprint, Response, request

from idp.accounts.account import Account
from idp.accounts.session import Session
from idp.audit_events import Event
from idp.protocol.grant import Grant
from idp.web.context import current
from idp.web.csrf import is_genuine_post
from idp.web.forms import read_field
from idp.web.french import say_moment
from idp.web.pages.signed_in import require_session
from idp.web.redirects import go_to
from idp.web.rendering import render_page

blueprint = Blueprint("account_sites", __name__)

_PATH = "/compte/sites"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInSite:
    """A site one signed in to: what it may know, and whether that was agreed to."""

    client_id: str
    name: str
    last_used_at: datetime
    scopes: tuple[str, ...]
    needs_consent: bool


@blueprint.get(_PATH)
@require_session
def show(account: Account, _: Session) -> Response:
    """List the sites, the latest first."""
    return _show_list(account)


@blueprint.post(_PATH)
@require_session
def withdraw(account: Account, _: Session) -> Response:
    """Take back what a site was allowed, and what it holds because of it."""
    if not is_genuine_post():
        return _show_list(account, status=403)
    client_id = read_field("client_id")
    if not current.uow.consents.withdraw(account.sub, client_id, current.now):
        return go_to(_PATH)
    current.uow.grants.revoke_for_client(account.sub, client_id, current.now)
    current.uow.audit.record(
        Event.CONSENT_WITHDRAWN, finess=account.finess, sub=account.sub, client_id=client_id
    )
    return go_to(f"{_PATH}?done=1")


def list_sites(account: Account) -> Sequence[SignedInSite]:
    """Return the sites an account signed in to, the latest first."""
    return [_describe(grant) for grant in current.uow.grants.find_latest_by_client(account.sub)]


def _describe(grant: Grant) -> SignedInSite:
    client = current.services.clients.find(grant.client_id)
    agreed = current.uow.consents.find(grant.sub, grant.client_id)
    return SignedInSite(
        client_id=grant.client_id,
        name=client.name if client else grant.client_id,
        last_used_at=grant.created_at,
        scopes=tuple(grant.scope.split()),
        needs_consent=agreed is not None,
    )


def _show_list(account: Account, *, status: int = 200) -> Response:
    sites = [
        {**asdict(site), "last_used": say_moment(site.last_used_at, current.now)}
        for site in list_sites(account)
    ]
    done = request.method == "GET" and "done" in request.args
    return render_page("account_sites.html", status, sites=sites, done=done)
