"""An authorization request on its way: just received, or carried by a page, sealed."""

from collections.abc import Mapping

from flask import request

from idp import secret_values
from idp.protocol.authorization_request import ReceivedRequest
from idp.protocol.exchange import AuthorizationExchange
from idp.protocol.vocabulary import AUTHORIZATION_PARAMETERS
from idp.web.context import current


def receive_exchange(sent: Mapping[str, str]) -> AuthorizationExchange:
    """Return the request that just came in with these parameters, unknown ones left out."""
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
