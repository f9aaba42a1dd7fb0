"""Turning a template into an answer, with the globals that `partials/layout.html` promises."""

from dataclasses import dataclass

from flask import Response, current_app, make_response

from idp.protocol.redirect_uris import origin_of
from idp.web.context import current
from idp.web.csrf import csrf_token
from idp.web.sealed_request import read_sealed_text
from idp.web.waiting_request import WaitingRequest, find_entrance, find_waiting_request


@dataclass(frozen=True, slots=True)
class Site:
    """The relying party somebody is signing in to, as pages name it."""

    name: str
    logo: str | None
    entry_url: str


def render_page(template: str, status: int = 200, **context: object) -> Response:
    """Render `templates/pages/TEMPLATE` with what every page is given, and its HTTP status.

    The sealed request this request carries is kept, unless `sealed_request` says another.
    """
    sealed_text = context.pop("sealed_request", None)
    text = read_sealed_text() if sealed_text is None else str(sealed_text)
    waiting = find_waiting_request(text)
    page = current_app.jinja_env.get_template(f"pages/{template}").render(
        {
            "csp_nonce": current.csp_nonce,
            "csrf_token": csrf_token,
            "sealed_request": waiting.text if waiting else "",
            "site": _describe_site(waiting) if waiting and waiting.received else None,
            "status": status,
            **context,
        }
    )
    return make_response(page, status)


def _describe_site(waiting: WaitingRequest) -> Site:
    parameters = waiting.received.parameters if waiting.received else {}
    origin = origin_of(parameters.get("redirect_uri", ""))
    return Site(
        name=waiting.client.name,
        logo=waiting.client.logo,
        entry_url=find_entrance(waiting.client) or f"{origin}/",
    )
