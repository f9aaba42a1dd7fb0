"""An authorization server over memory: the protocol room with nothing else of the house."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Response

from idp.protocol.authorization_request import ReceivedRequest
from idp.protocol.client import AuthMethod, Client, ClientSecret
from idp.protocol.client_keys import ClientKeys
from idp.protocol.exchange import AuthorizationExchange, Exchange
from idp.protocol.grant import Grant
from idp.protocol.provider import Provider
from idp.protocol.responses import AuthorizationAnswer
from idp.protocol.server import AuthorizationServer
from idp.protocol.unverified import read_unverified
from idp.protocol.userinfo import UserInfo, answer_userinfo
from idp.secret_values import SecretKey, SecretKeys, digest
from idp.signing.key_ring import KeyRing
from idp.signing.signer import Signer
from tests.support.fake_protocol_store import (
    FakeFetcher,
    FakeSession,
    FakeSubject,
    FakeUnitOfWork,
    Lifetimes,
)
from tests.support.signing import START, MovedClock, make_key

ISSUER = "https://connexion.example"
REDIRECT_URI = "https://site.example/callback"
SUB = "5c0e2f0e-9c4b-4d55-8f0a-3f6f2a4f9f11"
SECRET = "a-secret-of-the-tests-that-is-long-enough"
VERIFIER = "v" * 43
CHALLENGE = digest(VERIFIER)

SITE = Client(
    client_id="site",
    name="Espace Professionnel de Santé",
    redirect_uris=(REDIRECT_URI,),
    secrets=(ClientSecret(digest=digest(SECRET), created_at=START),),
    token_endpoint_auth_method=AuthMethod.POST,
    scopes=("openid", "profile", "email", "phone", "address", "finess"),
    grant_types=("authorization_code", "refresh_token"),
    is_first_party=True,
)
"""A confidential first-party client."""

APP = replace(
    SITE,
    client_id="app",
    secrets=(),
    token_endpoint_auth_method=AuthMethod.NONE,
    grant_types=("authorization_code",),
)
"""A public client."""


@cache
def shared_ring() -> KeyRing:
    """Return keys of every algorithm, made once for all tests."""
    return KeyRing([make_key(name) for name in ("RS256", "ES256", "PS256", "EdDSA")])


@dataclass
class House:
    """A server, what it keeps, and the time."""

    uow: FakeUnitOfWork
    server: AuthorizationServer
    clock: MovedClock
    fetcher: FakeFetcher

    @property
    def now(self) -> datetime:
        """The moment."""
        return self.clock.moment

    def only_grant(self) -> Grant:
        """Return the one grant that is kept."""
        (grant,) = self.uow.grants.kept.values()
        return grant

    def session(self, **changes: Any) -> FakeSession:  # noqa: ANN401 - any field
        """Return a session that began now and ends in twelve hours."""
        fields = {
            "sub": SUB,
            "authenticated_at": self.now,
            "expires_at": self.now + timedelta(hours=12),
        }
        return FakeSession(**{**fields, **changes})

    def exchange(self, request_id: str = "request-1", **parameters: str) -> AuthorizationExchange:
        """Return an authorization exchange with these parameters."""
        received = ReceivedRequest(
            parameters=parameters, request_id=request_id, received_at=self.now
        )
        return AuthorizationExchange(
            uow=self.uow, now=self.now, method="GET", parameters=parameters, received=received
        )

    def authorize(self, session: FakeSession | None = None, /, **changes: str) -> Any:  # noqa: ANN401 - any outcome
        """Send a good authorization request with these changes, signed in; return the outcome."""
        exchange = self.exchange(**authorization_parameters(**changes))
        return self.server.answer_authorization_request(exchange, session or self.session())

    def get_code(self, session: FakeSession | None = None, /, **changes: str) -> str:
        """Return the authorization code of a good request."""
        answer = self.authorize(session, **changes)
        assert isinstance(answer, AuthorizationAnswer)
        return answer.parameters["code"]

    def token(self, *, authorization: str | None = None, **parameters: str) -> Response:
        """Send a token request with these parameters alone."""
        exchange = Exchange(
            uow=self.uow, now=self.now, parameters=parameters, authorization=authorization
        )
        return self.server.create_token_response(exchange)

    def redeem(self, code: str, **changes: str) -> Response:
        """Redeem a code of SITE, with these changes to a good token request."""
        return self.token(**{**code_parameters(code), **changes})

    def refresh(self, refresh_token: str, **changes: str) -> Response:
        """Refresh a token of SITE."""
        parameters = {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": "site",
            "client_secret": SECRET,
        }
        return self.token(**{**parameters, **changes})

    def introspect(self, token: str, **changes: str) -> dict[str, Any]:
        """Return what SITE is told about a token."""
        answer: dict[str, Any] = self.server.introspect(self._hold(token, changes)).get_json()
        return answer

    def revoke(self, token: str, **changes: str) -> Response:
        """Have SITE revoke a token."""
        return self.server.revoke(self._hold(token, changes))

    def userinfo(self, access_token: str) -> UserInfo:
        """Return what a bearer is told."""
        exchange = Exchange(
            uow=self.uow, now=self.now, method="GET", authorization=f"Bearer {access_token}"
        )
        return answer_userinfo(exchange, self.server.provider)

    def sign_in(self, **changes: str) -> dict[str, Any]:
        """Return the token response of a whole sign-in."""
        response = self.redeem(self.get_code(**changes))
        assert response.status_code == 200, response.json
        tokens: dict[str, Any] = response.get_json()
        return tokens

    def _hold(self, token: str, changes: dict[str, str]) -> Exchange:
        parameters = {"token": token, "client_id": "site", "client_secret": SECRET, **changes}
        told = {name: value for name, value in parameters.items() if value}
        return Exchange(uow=self.uow, now=self.now, parameters=told)


def build_house(*clients: Client) -> House:
    """Return a house with these clients, SITE and APP unless told otherwise."""
    uow = FakeUnitOfWork(*(clients or (SITE, APP)))
    uow.subjects.kept[SUB] = FakeSubject(sub=SUB)
    fetcher = FakeFetcher()
    provider = Provider(
        issuer=ISSUER,
        lifetimes=Lifetimes(),
        clock_tolerance=timedelta(seconds=60),
        clients=uow.clients,
        client_keys=ClientKeys(fetcher),
        signer=Signer(shared_ring),
        read_ring=shared_ring,
        secret_keys=SecretKeys([SecretKey("a master key of the tests, long enough")]),
    )
    return House(uow, AuthorizationServer(provider), MovedClock(), fetcher)


def authorization_parameters(**changes: str) -> dict[str, str]:
    """Return a good authorization request of SITE, changed; "" leaves a parameter out."""
    parameters = {
        "response_type": "code",
        "client_id": "site",
        "redirect_uri": REDIRECT_URI,
        "scope": "openid",
        "state": "state-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in {**parameters, **changes}.items() if value}


def code_parameters(code: str) -> dict[str, str]:
    """Return a good token request of SITE for this code."""
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "client_id": "site",
        "client_secret": SECRET,
        "code_verifier": VERIFIER,
    }


def read_claims(token: str) -> dict[str, Any]:
    """Return the claims of a JWT, unverified."""
    return read_unverified(token)[1]


def read_header(token: str) -> dict[str, Any]:
    """Return the header of a JWT, unverified."""
    return read_unverified(token)[0]


def read_query(location: str) -> dict[str, str]:
    """Return the parameters of an address."""
    return dict(parse_qsl(urlsplit(location).query, keep_blank_values=True))
