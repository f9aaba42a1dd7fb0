"""An authorization request on its way: just received, or back from a page, sealed."""

from flask import request

from idp import secret_values
from idp.protocol.authorization_request import ReceivedRequest
from idp.protocol.exchange import AuthorizationExchange
from idp.protocol.vocabulary import AUTHORIZATION_PARAMETERS
from idp.web.context import current
from idp.web.endpoints.parameters import read_posted, read_query


def receive_exchange() -> AuthorizationExchange:
    """Return the request that just came in, unknown parameters left out.

    Raises:
        ProtocolError: its parameters are repeated or unreadable.

    """
    sent = read_posted() if request.method == "POST" else read_query()
    return build_exchange(
        ReceivedRequest(
            parameters={name: sent[name] for name in AUTHORIZATION_PARAMETERS if name in sent},
            request_id=make_request_id(),
            received_at=current.now,
        )
    )


def make_request_id() -> str:
    """Return the id that a login or consent names to say which request it was for."""
    return secret_values.random_token(16)


def build_exchange(received: ReceivedRequest) -> AuthorizationExchange:
    """Return a request, new or carried by a page, as the protocol room takes it."""
    return AuthorizationExchange(
        uow=current.uow,
        now=current.now,
        method=request.method,
        parameters=received.parameters,
        received=received,
    )
