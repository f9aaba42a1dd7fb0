"""A client: a relying party's record."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class AuthMethod(StrEnum):
    """How a client proves who it is at the token endpoint (OpenID Connect Core 9)."""

    BASIC = "client_secret_basic"
    POST = "client_secret_post"
    PRIVATE_KEY_JWT = "private_key_jwt"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSecret:
    """A secret's digest; two may live at a time while rotating."""

    digest: str = field(repr=False)
    created_at: datetime
    expires_at: datetime | None = None

    def is_alive(self, now: datetime) -> bool:
        """Whether it still proves who a client is."""
        return self.expires_at is None or now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Everything the provider knows about a relying party (RFC 7591 names where there are any)."""

    client_id: str
    name: str
    redirect_uris: tuple[str, ...]
    application_type: str = "web"
    token_endpoint_auth_method: AuthMethod = AuthMethod.BASIC
    secrets: tuple[ClientSecret, ...] = ()
    jwks: dict[str, Any] | None = None
    jwks_uri: str | None = None
    scopes: tuple[str, ...] = ("openid",)
    grant_types: tuple[str, ...] = ("authorization_code",)
    is_first_party: bool = False
    require_pkce: bool = True
    require_pushed_authorization_requests: bool = False
    subject_type: str = "public"
    sector_identifier: str | None = None
    id_token_signed_response_alg: str = "RS256"  # noqa: S105 - the name of an algorithm
    userinfo_signed_response_alg: str | None = None
    access_token_lifetime: timedelta | None = None
    id_token_lifetime: timedelta | None = None
    refresh_token_lifetime: timedelta | None = None
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str | None = None
    backchannel_logout_session_required: bool = True
    frontchannel_logout_uri: str | None = None
    frontchannel_logout_session_required: bool = True
    initiate_login_uri: str | None = None
    allowed_origins: tuple[str, ...] = ()
    logo: str | None = None
    contacts: tuple[str, ...] = ()
    updated_at: datetime | None = None

    @property
    def is_public(self) -> bool:
        """Whether the client has no way to prove who it is."""
        return self.token_endpoint_auth_method is AuthMethod.NONE
