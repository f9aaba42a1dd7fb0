"""Our records as Authlib wants to see them: only the questions that it really asks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin

from idp.protocol.client import Client
from idp.protocol.grant import Grant
from idp.protocol.ports import Subject

TokenKind = Literal["access_token", "refresh_token"]


@dataclass(frozen=True, slots=True)
class RegisteredClient(ClientMixin):
    """A client's record."""

    record: Client

    def get_client_id(self) -> str:
        """Return its public name."""
        return self.record.client_id

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether it registered for this grant type."""
        return grant_type in self.record.grant_types


@dataclass(frozen=True, slots=True)
class IssuedCode(AuthorizationCodeMixin):
    """The authorization code of a grant, whatever became of it."""

    grant: Grant
    subject: Subject

    def get_redirect_uri(self) -> str:
        """Return the redirect URI it was issued for."""
        return self.grant.redirect_uri

    def get_scope(self) -> str:
        """Return the scopes granted."""
        return self.grant.scope


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken(TokenMixin):
    """An access or refresh token that this provider made, and its grant.

    `is_latest` is False for a refresh token that was rotated.
    """

    kind: TokenKind
    grant: Grant
    subject: Subject
    scope: str
    issued_at: datetime
    expires_at: datetime
    is_latest: bool = True
    jti: str = ""

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes it is good for."""
        return tuple(self.scope.split())

    def check_client(self, client: RegisteredClient) -> bool:
        """Whether it was issued to this client."""
        return self.grant.client_id == client.record.client_id

    def get_scope(self) -> str:
        """Return the scopes it is good for."""
        return self.scope

    def is_alive(self, now: datetime) -> bool:
        """Whether it is good for anything: in its time, its family alive, its account enabled."""
        is_in_force = self.grant.revoked_at is None and self.subject.may_sign_in
        return self.is_latest and is_in_force and now < self.expires_at


@dataclass(frozen=True, slots=True)
class RotatedToken(TokenMixin):
    """A refresh token of which an exchange has just made the next one."""

    grant: Grant

    def check_client(self, client: RegisteredClient) -> bool:
        """Whether it was issued to this client."""
        return self.grant.client_id == client.record.client_id

    def get_scope(self) -> str:
        """Return the scopes it is good for."""
        return self.grant.scope
