"""The provider itself in this process: the real application over a real database and real keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp.accounts.account import Account, AccountState
from idp.accounts.practitioner import Practitioner
from idp.accounts.session import Session
from idp.app.services import Built, build
from idp.app.wsgi import assemble
from idp.clock import Clock
from idp.protocol.authorization_request import ReceivedRequest
from idp.protocol.client import Client
from idp.protocol.client_directory import CachedClients
from idp.protocol.server import AuthorizationServer
from idp.secret_values import digest
from idp.settings import Settings, load_settings
from idp.signing.files import FolderKeyStore
from idp.signing.key_changes import KeyKeeper
from idp.web.context import RequestContext
from idp.web.sealed_request import open_request
from tests.support.protocol_house import (
    ISSUER,
    SECRET,
    SUB,
    authorization_parameters,
    code_parameters,
    read_query,
)
from tests.support.signing import POLICY, START, AuditList, MovedClock

PASSPHRASE = "a passphrase of the tests, of 32 characters"
FINESS = "750100018"


def make_keys_folder(
    folder: Path, algorithms: Iterable[str], *, clock: Clock | None = None
) -> Path:
    """Make a key of each algorithm in a new folder, signing from START if no clock says else."""
    store = FolderKeyStore(folder, passphrase=PASSPHRASE, rsa_bits=2048)
    keeper = KeyKeeper(store, policy=POLICY, clock=clock or MovedClock(), audit=AuditList())
    keeper.make_first_keys(algorithms)
    return folder


def build_settings(keys_folder: Path, database_url: str, **overrides: object) -> Settings:
    """Return the settings of a provider at ISSUER over this database, without rate limits."""
    nested: Mapping[str, Any] = {
        "issuer": ISSUER,
        "secrets": {"master": ["m" * 32], "iban": ["i" * 32]},
        "keys": {"folder": str(keys_folder), "passphrase": PASSPHRASE},
        "database": {"url": database_url},
        "limits": {"login": "", "authorize": "", "token": ""},
        **overrides,
    }
    return load_settings(overrides=nested)


class Browser(FlaskClient):
    """A browser, or a relying party's server: it calls the issuer's address."""

    def open(self, *args: Any, **options: Any) -> TestResponse:  # noqa: ANN401 - werkzeug's
        """Send a request."""
        return super().open(*args, **{"base_url": ISSUER, **options})

    def authorize(self, **changes: str) -> TestResponse:
        """Open a good authorization request of SITE with these changes; "" leaves one out."""
        return self.get("/authorize", query_string=authorization_parameters(**changes))

    def get_code(self, **changes: str) -> str:
        """Return the authorization code of a request that is answered in silence."""
        answer = self.authorize(**changes)
        assert answer.status_code == 303, answer.text
        return read_query(answer.location)["code"]

    def redeem(self, code: str, **changes: str) -> TestResponse:
        """Redeem a code as SITE, with these changes; "" leaves one out."""
        return self.post("/token", data=_leave_out({**code_parameters(code), **changes}))

    def refresh(self, refresh_token: str, **changes: str) -> TestResponse:
        """Refresh a token as SITE."""
        parameters = {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": "site",
            "client_secret": SECRET,
        }
        return self.post("/token", data=_leave_out({**parameters, **changes}))

    def get_tokens(self, **changes: str) -> dict[str, Any]:
        """Return the token response of a whole silent sign-in."""
        client = {"client_id": changes["client_id"]} if "client_id" in changes else {}
        answer = self.redeem(self.get_code(**changes), **client)
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.get_json()
        return tokens

    def userinfo(self, access_token: str) -> TestResponse:
        """Ask for the claims behind an access token."""
        return self.get("/userinfo", headers={"Authorization": f"Bearer {access_token}"})

    def introspect(self, token: str) -> dict[str, Any]:
        """Return what SITE is told about a token."""
        parameters = {"token": token, "client_id": "site", "client_secret": SECRET}
        said: dict[str, Any] = self.post("/introspect", data=parameters).get_json()
        return said


@lru_cache(maxsize=32)
def _open_store(folder: Path) -> FolderKeyStore:
    return FolderKeyStore(folder, passphrase=PASSPHRASE, rsa_bits=2048)


def _find_store(settings: Settings) -> FolderKeyStore:
    """Return the folder's store of an earlier application: it parses changed files alone."""
    return _open_store(settings.keys.folder)


def _measure_by(clock: MovedClock, built: Built) -> Built:
    """Return the parts with the clients' cache aging by the clock that the test moves."""

    def find(client_id: str) -> Client | None:
        with built.open_unit() as unit:
            return unit.clients.find(client_id)

    def read_seconds() -> float:
        return clock.moment.timestamp()

    clients = CachedClients(find, timer=read_seconds)
    provider = replace(built.services.protocol.provider, clients=clients)
    server = AuthorizationServer(provider)
    return replace(built, services=replace(built.services, clients=clients, protocol=server))


def _leave_out(parameters: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if value}


@dataclass
class ProviderApp:
    """The application, its parts, and the clock that the test moves."""

    built: Built
    app: Flask
    clock: MovedClock
    secrets_given: int = field(default=0)

    @classmethod
    def start(
        cls, settings: Settings, *clients: Client, clock: MovedClock | None = None
    ) -> "ProviderApp":
        """Build the application, with these clients and one practitioner who has an account."""
        clock = clock or MovedClock()
        built = _measure_by(clock, build(settings, clock, key_store=_find_store(settings)))
        app = assemble(built, timer=lambda: monotonic() + clock.moment.timestamp())
        provider = cls(built, app, clock)
        provider.add_practitioner(SUB, FINESS)
        with built.open_unit() as unit:
            for client in clients:
                unit.clients.save(client)
            unit.commit()
        return provider

    def set_account_state(self, sub: str, state: AccountState) -> None:
        """Change the state of an account, and nothing of what hangs on it."""
        with self.built.open_unit() as unit:
            account = unit.accounts.find(sub)
            assert account is not None
            assert unit.accounts.save(replace(account, state=state))
            unit.commit()

    def open_sealed(self, text: str) -> ReceivedRequest:
        """Return what a page's address carries."""
        with self.app.test_request_context(base_url=ISSUER):
            context = RequestContext(self.built.services, "test")
            context.enter()
            try:
                return open_request(text)
            finally:
                context.leave()

    def change_client(self, client_id: str, **changes: Any) -> None:  # noqa: ANN401 - any field
        """Change a client's record, and let the five seconds pass after which it is seen."""
        with self.built.open_unit() as unit:
            client = unit.clients.find(client_id)
            assert client is not None
            unit.clients.save(replace(client, **changes))
            unit.commit()
        self.clock.advance(timedelta(seconds=5))

    def close(self) -> None:
        """Give the database's connections back."""
        self.built.database.close()

    def add_practitioner(self, sub: str, finess: str) -> None:
        """Add a practitioner with an active account."""
        with self.built.open_unit() as unit:
            unit.practitioners.save(
                Practitioner(
                    finess=finess,
                    name="Camille Martin",
                    given_name="Camille",
                    family_name="Martin",
                    updated_at=START,
                )
            )
            unit.accounts.add(
                Account(
                    sub=sub,
                    finess=finess,
                    state=AccountState.ACTIVE,
                    email="cabinet@orange.example",
                    email_verified_at=START,
                    created_at=START,
                )
            )
            unit.commit()

    def open_browser(self) -> Browser:
        """Return a browser without cookies."""
        return Browser(self.app, self.app.response_class)

    def sign_in(self, browser: Browser, *, sub: str = SUB, request_id: str | None = None) -> str:
        """Give the browser a session that began now, as a login does; return its `sid`."""
        self.secrets_given += 1
        secret, sid = f"session-secret-{self.secrets_given}", f"sid-{self.secrets_given}"
        now = self.clock.now()
        with self.built.open_unit() as unit:
            unit.sessions.add(
                Session(
                    sid=sid,
                    secret_digest=digest(secret),
                    sub=sub,
                    authenticated_at=now,
                    last_seen_at=now,
                    idle_expires_at=now + timedelta(minutes=30),
                    expires_at=now + timedelta(hours=12),
                    login_request_id=request_id,
                )
            )
            unit.commit()
        browser.set_cookie("__Host-session", secret, domain="connexion.example", secure=True)
        return sid
