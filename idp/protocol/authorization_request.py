"""An authorization request (OpenID Connect Core 3.1.2.1): its parameters, and how they read.

It is nothing but parameters and dates, so that it can travel sealed through the browser and be
checked again when it comes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from idp.protocol.claims_request import ClaimsRequest, parse_claims_request
from idp.protocol.client import Client
from idp.protocol.errors import ReplyTo
from idp.protocol.unverified import read_unverified
from idp.protocol.vocabulary import PRINTABLE_ASCII, SCOPES


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRequest:
    """What came in, unchecked. `pushed_reference` names the pushed request it was read from."""

    parameters: Mapping[str, str]
    request_id: str
    received_at: datetime
    pushed_reference: str | None = None

    @property
    def client_id(self) -> str:
        """Whose request it says it is, "" where it does not say."""
        return self.parameters.get("client_id", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """A request of a known client. Its properties may be read once `check_request` returned it.

    `hint` holds the claims of its `id_token_hint`, where that is an ID token of ours.
    """

    received: ReceivedRequest
    client: Client
    hint: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def parameters(self) -> Mapping[str, str]:
        """Everything the client sent that means something."""
        return self.received.parameters

    @property
    def request_id(self) -> str:
        """What a login or consent names to say which request it satisfied."""
        return self.received.request_id

    @property
    def reply_to(self) -> ReplyTo:
        """Where the answer goes."""
        return ReplyTo(
            client_name=self.client.name,
            redirect_uri=self.parameters["redirect_uri"],
            response_mode=self.parameters.get("response_mode", "query"),
            state=self.parameters.get("state"),
        )

    @property
    def meant_reply_to(self) -> ReplyTo:
        """Where the request object, which is refused, asks for its answer (Core 6.1).

        A site that puts response_mode and state nowhere else would not recognise the refusal.
        """
        _, claims = read_unverified(self.parameters.get("request", ""))
        meant = {
            name: value
            for name in ("response_mode", "state")
            if isinstance(value := claims.get(name), str) and PRINTABLE_ASCII.fullmatch(value)
        }
        return replace(self.reply_to, **meant)

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes asked for that exist, in the order asked."""
        asked = dict.fromkeys(self.parameters.get("scope", "").split(" "))
        return tuple(scope for scope in asked if scope in SCOPES)

    @property
    def prompts(self) -> frozenset[str]:
        """What the client wants the practitioner to be asked."""
        return frozenset(self.parameters.get("prompt", "").split())

    @property
    def max_age(self) -> timedelta | None:
        """How old the sign-in may be."""
        seconds = self.parameters.get("max_age")
        return None if seconds is None else timedelta(seconds=int(seconds))

    @property
    def nonce(self) -> str | None:
        """What the ID token repeats."""
        return self.parameters.get("nonce")

    @property
    def code_challenge(self) -> str | None:
        """What the code verifier must hash to (RFC 7636)."""
        return self.parameters.get("code_challenge")

    @property
    def claims(self) -> ClaimsRequest:
        """The single claims asked for."""
        text = self.parameters.get("claims")
        return ClaimsRequest() if text is None else parse_claims_request(text, self.client.scopes)

    @property
    def expected_subject(self) -> str | None:
        """Who must be signed in, as the client knows them; None where anybody will do."""
        return self.hint["sub"] if self.hint else self.claims.subject
