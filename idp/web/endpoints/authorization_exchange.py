"""An authorization request on its way: just received, or back from a page, sealed."""

from flask import request

from idp import secret_values
from idp.protocol.authorization_request import ReceivedRequest
from idp.protocol.exchange import AuthorizationExchange
from idp.protocol.vocabulary import AUTHORIZATION_PARAMETERS
from idp.web.context import current
from idp.web.endpoints.parameters import read_posted, read_query
from idp.web.sealed_request import SealedRequest, seal_request


def receive_exchange() -> AuthorizationExchange:
    """Return the request that just came in, unknown parameters left out.

    Raises:
        ProtocolError: its parameters are repeated or unreadable.

    """
    sent = read_posted() if request.method == "POST" else read_query()
    received = ReceivedRequest(
        parameters={name: sent[name] for name in AUTHORIZATION_PARAMETERS if name in sent},
        request_id=secret_values.random_token(16),
        received_at=current.now,
    )
    return _wrap(received)


def resume_exchange(sealed: SealedRequest) -> AuthorizationExchange:
    """Return the request that a page carried."""
    return _wrap(
        ReceivedRequest(
            parameters=sealed.parameters,
            request_id=sealed.request_id,
            received_at=sealed.created_at,
            pushed_reference=sealed.pushed_reference,
        )
    )


def seal_received(received: ReceivedRequest, *, was_answered: bool = False) -> str:
    """Return the request sealed, under a new id where the old one was answered.

    Raises:
        RequestTooLongError: it is too long to be carried.

    """
    return seal_request(
        SealedRequest(
            parameters=received.parameters,
            request_id=secret_values.random_token(16) if was_answered else received.request_id,
            created_at=received.received_at,
            pushed_reference=received.pushed_reference,
        )
    )


def _wrap(received: ReceivedRequest) -> AuthorizationExchange:
    return AuthorizationExchange(
        uow=current.uow,
        now=current.now,
        method=request.method,
        parameters=received.parameters,
        received=received,
    )
