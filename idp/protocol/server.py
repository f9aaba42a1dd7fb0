"""The authorization server: Authlib's, with this provider's grants, endpoints and checks.

Web asks one question an endpoint and gets an answer to show. Authlib orders the steps; what it
does not check, or checks in a way that is not exact, is replaced where it offers to.
"""

import json
import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from authlib.integrations import flask_oauth2
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import BaseGrant, UnsupportedGrantTypeError
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from flask import Response

from idp.protocol.adapters import RegisteredClient
from idp.protocol.audit import RefusalBudget, record_refusal
from idp.protocol.authorization_request import AuthorizationRequest
from idp.protocol.client_auth import authenticate_client
from idp.protocol.code_grant import CodeGrant
from idp.protocol.errors import ProtocolError, RequestAnsweredError, refuse_request
from idp.protocol.exchange import AuthorizationExchange, Exchange, ProtocolRequest
from idp.protocol.id_token import IdTokens
from idp.protocol.interaction import Interaction, Login, Proceed, Refuse, as_error, decide, recall
from idp.protocol.metadata import build_metadata
from idp.protocol.ports import SignedIn
from idp.protocol.provider import Provider
from idp.protocol.pushed_requests import open_pushed_request, push_request
from idp.protocol.refresh_grant import RefreshGrant
from idp.protocol.request_checks import check_request
from idp.protocol.responses import AuthorizationAnswer, FaultPage, answer_error, build_answer
from idp.protocol.token_endpoints import Introspection, Revocation

_JSON_HEADERS = BaseGrant.TOKEN_RESPONSE_HEADER


class AuthorizationServer(flask_oauth2.AuthorizationServer):
    """Everything that the endpoints of the protocol ask."""

    def __init__(self, provider: Provider) -> None:
        """Take the issuer, its keys and its clients; register what it supports."""
        super().__init__()
        self.provider = provider
        self._refusal_budget = RefusalBudget()
        id_tokens = IdTokens(provider)
        self.register_grant(CodeGrant, [id_tokens])
        self.register_grant(RefreshGrant, [id_tokens])
        self.register_endpoint(Introspection)
        self.register_endpoint(Revocation)
        self.register_hook("before_get_authorization_grant", _check_authorization_request)
        # At DEBUG, Authlib prints tokens.
        logging.getLogger("authlib").setLevel(logging.INFO)

    def answer_authorization_request(
        self, exchange: AuthorizationExchange, session: SignedIn | None
    ) -> AuthorizationAnswer | FaultPage | Interaction:
        """Answer an authorization request, or say what the practitioner must do first."""
        try:
            grant = self.get_consent_grant(exchange, end_user=session)
            decision, was_answered = self._decide(grant, session)
        except OAuth2Error as error:
            return self.tell_fault(exchange, error)
        request = grant.request.authorization_request
        if not isinstance(decision, Proceed):
            return Interaction(decision, request, was_answered=was_answered)
        grant.request.once_id = decision.once_id
        try:
            return self.create_authorization_response(grant.request, session, grant)
        except RequestAnsweredError:
            return Interaction(Login(), request, was_answered=True)

    def read_authorization_request(
        self, exchange: AuthorizationExchange
    ) -> AuthorizationRequest | AuthorizationAnswer | FaultPage:
        """Return the request, checked and not yet answered, or how its fault is told."""
        try:
            return self.get_consent_grant(exchange).request.authorization_request
        except OAuth2Error as error:
            return self.tell_fault(exchange, error)

    def tell_fault(self, exchange: Exchange, error: OAuth2Error) -> Any:  # noqa: ANN401 - as the endpoint answers
        """Answer a fault, found here or outside."""
        return self.handle_error_response(self.create_oauth2_request(exchange), error)

    def refuse_consent(self, request: AuthorizationRequest) -> AuthorizationAnswer:
        """Answer a checked request that the practitioner does not agree to."""
        return build_answer(
            request.reply_to,
            self.provider.issuer,
            error="access_denied",
            error_description="The practitioner did not agree.",
        )

    def create_token_response(self, request: Exchange) -> Response:
        """Answer a token request; what was written is to be committed whatever the answer."""
        wrapped = self.create_oauth2_request(request)
        try:
            grant = self.get_token_grant(wrapped)
            grant.validate_token_request()
            return self.handle_response(*grant.create_token_response())
        except OAuth2Error as error:
            return self.handle_error_response(wrapped, error)

    def introspect(self, exchange: Exchange) -> Response:
        """Tell a client about a token of its own (RFC 7662)."""
        return self.create_endpoint_response(Introspection.ENDPOINT_NAME, exchange)

    def revoke(self, exchange: Exchange) -> Response:
        """Revoke the family of a token (RFC 7009)."""
        return self.create_endpoint_response(Revocation.ENDPOINT_NAME, exchange)

    def push(self, exchange: Exchange) -> Response:
        """Keep a pushed authorization request (RFC 9126)."""
        request = self.create_oauth2_request(exchange)
        try:
            client = self.authenticate_client(request, ())
            return self.handle_response(
                201, push_request(request, client.record, self.provider), _JSON_HEADERS
            )
        except OAuth2Error as error:
            return self.handle_error_response(request, error)

    def describe(self, paths: Iterable[str], now: datetime) -> dict[str, Any]:
        """Return the discovery document of an application that answers these paths."""
        return build_metadata(
            self.provider.issuer,
            paths=frozenset(paths),
            grant_types=[grant.GRANT_TYPE for grant, _ in self._token_grants],
            signing_algorithms=self.provider.read_ring().algorithms(now),
        )

    # What Authlib asks of the framework it runs in.

    def create_oauth2_request(self, request: Exchange) -> ProtocolRequest:
        """Wrap an exchange."""
        return ProtocolRequest(request)

    def authenticate_client(
        self,
        request: ProtocolRequest,
        methods: object,  # noqa: ARG002 - the client's record says which one
        endpoint: str = "token",  # noqa: ARG002
    ) -> RegisteredClient:
        """Return the client that proved who it is, by the one method of its record."""
        record, request.auth_method = authenticate_client(request, self.provider)
        request.client = RegisteredClient(record)
        return request.client

    def get_token_grant(self, request: ProtocolRequest) -> BaseGrant:
        """Return the grant of the `grant_type`, without repeating what was received."""
        if not request.payload.grant_type:
            raise refuse_request("grant_type is missing.", reason="grant_type_missing")
        try:
            return super().get_token_grant(request)
        except UnsupportedGrantTypeError as error:
            raise ProtocolError("unsupported_grant_type", "grant_type is not supported.") from error

    def handle_response(self, status_code: int, payload: Any, headers: Any) -> Any:  # noqa: ANN401
        """Turn Authlib's triple into an answer; web shows that of the authorization endpoint."""
        if isinstance(payload, AuthorizationAnswer):
            return payload
        return Response(json.dumps(payload), status_code, headers)

    def handle_error_response(self, request: ProtocolRequest, error: OAuth2Error) -> Any:  # noqa: ANN401
        """Tell an error to whom it may be told, and to the audit trail."""
        record_refusal(request, error, self._refusal_budget)
        if isinstance(request.exchange, AuthorizationExchange):
            return answer_error(error, self.provider.issuer)
        return self.handle_response(*error())

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Send none: nobody listens."""

    def _decide(self, grant: BaseGrant, session: SignedIn | None) -> tuple[Any, bool]:
        request = grant.request.authorization_request
        subject = self.provider.subject_for(request.client, session.sub) if session else ""
        memory = recall(request, session, subject=subject, uow=grant.request.uow)
        decision = decide(request, session, grant.request.now, memory=memory)
        if isinstance(decision, Refuse):
            raise as_error(decision, request)
        return decision, memory.was_answered


def _check_authorization_request(server: AuthorizationServer, request: ProtocolRequest) -> None:
    """Check everything before Authlib looks at anything (its hook before choosing a grant)."""
    if isinstance(request.exchange, AuthorizationExchange):
        received = open_pushed_request(request.exchange.received, request.exchange)
        request.payload = BasicOAuth2Payload(dict(received.parameters))
        request.authorization_request = check_request(received, server.provider)
