"""Mon compte: everything that is kept about a practitioner, as a file."""

from dataclasses import asdict

from flask import Blueprint, Response, json

from idp.accounts import profile
from idp.accounts.account import Account
from idp.accounts.session import Session
from idp.web.context import current
from idp.web.csrf import is_genuine_post
from idp.web.pages.account.sites import list_sites
from idp.web.pages.signed_in import require_session
from idp.web.rendering import render_page

blueprint = Blueprint("account_data", __name__)

_PATH = "/compte/donnees"
_FILE_NAME = "mes-donnees.json"


@blueprint.get(_PATH)
@require_session
def show(_account: Account, _session: Session) -> Response:
    """Say what the file holds."""
    return render_page("account_data.html")


@blueprint.post(_PATH)
@require_session
def download(account: Account, _: Session) -> Response:
    """Give the file."""
    if not is_genuine_post():
        return render_page("account_data.html", 403)
    sites = [
        {**asdict(site), "last_used_at": site.last_used_at.isoformat()}
        for site in list_sites(account)
    ]
    exported = profile.export_data(current.visit, account, sites=sites)
    response = Response(json.dumps(exported, indent=2), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{_FILE_NAME}"'
    return response
