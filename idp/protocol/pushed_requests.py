"""Pushed authorization requests (RFC 9126): checked when pushed, used when the code is issued."""

from collections.abc import Mapping
from dataclasses import replace

from idp.protocol.authorization_request import ReceivedRequest
from idp.protocol.client import Client
from idp.protocol.errors import ProtocolError, refuse_request
from idp.protocol.exchange import Exchange, ProtocolRequest
from idp.protocol.provider import Provider
from idp.protocol.request_checks import check_request
from idp.protocol.vocabulary import AUTHORIZATION_PARAMETERS, PUSHED_REQUEST_PREFIX
from idp.secret_values import digest, random_token

# A public client proves nothing, and rows are kept for a day.
_MAX_LENGTH = 8 * 1024


def push_request(request: ProtocolRequest, client: Client, provider: Provider) -> dict[str, object]:
    """Keep a request of a client that proved who it is; return the answer (RFC 9126 2.2).

    Raises:
        ProtocolError: the request would be refused at the authorization endpoint, or is too long
            (status 413, RFC 9126 2.3).

    """
    form = request.form
    if "request_uri" in form:
        raise refuse_request("request_uri may not be pushed.", reason="request_uri_pushed")
    named = {name: form[name] for name in AUTHORIZATION_PARAMETERS if name in form}
    _refuse_long(named)
    reference = random_token()
    received = ReceivedRequest(
        parameters={**named, "client_id": client.client_id},
        request_id=reference,
        received_at=request.now,
        pushed_reference=digest(reference),
    )
    check_request(received, provider)
    lifetime = provider.lifetimes.par_lifetime
    request.uow.pushed_requests.add(
        digest(reference),
        client.client_id,
        received.parameters,
        expires_at=request.now + lifetime,
    )
    return {
        "request_uri": f"{PUSHED_REQUEST_PREFIX}{reference}",
        "expires_in": int(lifetime.total_seconds()),
    }


def open_pushed_request(received: ReceivedRequest, exchange: Exchange) -> ReceivedRequest:
    """Return what was pushed under the reference that a request names, or the request itself.

    Raises:
        ProtocolError: the reference is unknown, expired, used, or another client's. Where it would
            have led is not known, so it is a page.

    """
    request_uri = received.parameters.get("request_uri", "")
    if received.pushed_reference or not request_uri.startswith(PUSHED_REQUEST_PREFIX):
        return received
    reference = digest(request_uri.removeprefix(PUSHED_REQUEST_PREFIX))
    found = exchange.uow.pushed_requests.find(reference)
    if found is None:
        raise _refuse_reference("request_uri is unknown.", "pushed_request_unknown")
    client_id, parameters, expires_at, is_used = found
    if client_id != received.client_id:
        raise _refuse_reference("request_uri is unknown.", "pushed_request_of_another_client")
    if is_used or received.received_at >= expires_at:
        error = _refuse_reference("request_uri was used or has expired.", "pushed_request_over")
        error.client_id = client_id
        raise error
    return replace(received, parameters=parameters, pushed_reference=reference)


def _refuse_long(parameters: Mapping[str, str]) -> None:
    if sum(map(len, parameters.values())) > _MAX_LENGTH:
        raise ProtocolError(
            "invalid_request", "The request is too long.", reason="request_too_long", status=413
        )


def _refuse_reference(description: str, reason: str) -> ProtocolError:
    return ProtocolError("invalid_request_uri", description, reason=reason)
