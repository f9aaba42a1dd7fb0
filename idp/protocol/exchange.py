"""One request, as it passes through Authlib: a mapping of parameters instead of Flask's request.

Authlib would read `flask.request` wherever it likes. Here it sees only parameters whose shape the
web room checked, so that a sealed or pushed request goes the same way as one that just came in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload

from idp.protocol.authorization_request import AuthorizationRequest, ReceivedRequest
from idp.protocol.errors import refuse_grant
from idp.protocol.grant import Grant
from idp.protocol.ports import Subject, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What came in at one endpoint, and what is needed to answer it."""

    uow: UnitOfWork
    now: datetime
    method: str = "POST"
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
    authorization: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationExchange(Exchange):
    """The same for an authorization request: it just came in, or a page of ours carried it."""

    received: ReceivedRequest


# Authlib refuses plain http outside of this machine, request by request: the settings did, once.
_SECURE_ADDRESS = "https://checked.when.started/"


class ProtocolRequest(OAuth2Request):
    """An exchange as Authlib's grants and endpoints take it, with what they found out so far."""

    authorization_request: AuthorizationRequest
    kept_grant: Grant

    def __init__(self, exchange: Exchange) -> None:
        headers = {"Authorization": exchange.authorization} if exchange.authorization else {}
        super().__init__(exchange.method, _SECURE_ADDRESS, headers=headers)
        self.exchange = exchange
        self.uow = exchange.uow
        self.now = exchange.now
        self.payload = BasicOAuth2Payload(dict(exchange.parameters))
        self.once_id: str | None = None

    @cached_property
    def subject(self) -> Subject:
        """Whose grant it is; read now, unless the statement that read the grant did."""
        subject = self.uow.subjects.find(self.kept_grant.sub)
        if subject is None:
            raise refuse_grant("The account is gone.", reason="account_disabled")
        return subject

    @property
    def form(self) -> dict[str, str]:
        """The parameters, under the name that Authlib's grants read them by."""
        return dict(self.exchange.parameters)
