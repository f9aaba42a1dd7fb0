"""How the endpoints answer: to the client through the browser, as JSON, or as a page."""

from flask import Response, json

from idp.protocol.errors import ProtocolError
from idp.protocol.redirect_uris import csp_source_of
from idp.protocol.responses import AuthorizationAnswer, FaultPage
from idp.web.context import current
from idp.web.endpoints.browser_state import remember_browser_state
from idp.web.errors import log_refusal
from idp.web.redirects import go_to
from idp.web.rendering import render_page


def show_answer(answer: AuthorizationAnswer | FaultPage) -> Response:
    """Send an authorization answer to its client, or show the page of a fault."""
    if isinstance(answer, FaultPage):
        return _show_page(answer)
    response = _post(answer) if answer.is_posted else go_to(answer.location)
    return remember_browser_state(response) if "code" in answer.parameters else response


def show_fault(error: ProtocolError) -> Response:
    """Show the page of a fault that no client can be told."""
    return _show_page(FaultPage(str(error.error), error.reason))


def tell_fault(error: ProtocolError) -> Response:
    """Answer a fault as JSON (RFC 6749 5.2)."""
    status, body, headers = error()
    return Response(json.dumps(body), status, headers)


def _post(answer: AuthorizationAnswer) -> Response:
    """Have the browser post the parameters (OAuth 2.0 Form Post Response Mode)."""
    reply_to = answer.reply_to
    current.form_action_origins.append(csp_source_of(reply_to.redirect_uri))
    return render_page(
        "form_post.html",
        action=reply_to.redirect_uri,
        fields=answer.parameters,
        client_name=reply_to.client_name,
        sealed_request="",
    )


def _show_page(fault: FaultPage) -> Response:
    log_refusal(status=400, error=fault.error, reason=fault.reason)
    return render_page("client_error.html", 400, reference=current.reference, error=fault.error)
