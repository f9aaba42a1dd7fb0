"""What this provider is to its relying parties: built once, the same for every request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from idp.protocol.client import Client
from idp.protocol.client_keys import ClientKeys
from idp.protocol.errors import ProtocolError
from idp.protocol.ports import ClientDirectory, TokenLifetimes
from idp.protocol.redirect_uris import host_of
from idp.protocol.vocabulary import ACCESS_TOKEN_TYPE, ID_TOKEN_TYPE
from idp.secret_values import SecretKeys
from idp.signing.errors import InvalidTokenError, NoActiveKeyError
from idp.signing.key_ring import KeyRing
from idp.signing.signer import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """The issuer's name, its keys, its clients, and how long what it gives stays good.

    `read_ring` returns the present signing keys, as the signer sees them.
    """

    issuer: str
    lifetimes: TokenLifetimes
    clock_tolerance: timedelta
    clients: ClientDirectory
    client_keys: ClientKeys
    signer: Signer = field(repr=False)
    read_ring: Callable[[], KeyRing] = field(repr=False)
    secret_keys: SecretKeys = field(repr=False)

    def subject_for(self, client: Client, sub: str) -> str:
        """Return the `sub` this client sees: the account's, or one of its sector's own.

        A pairwise one is made with the earliest key, so that it survives a change of keys
        (OpenID Connect Core 8.1).
        """
        if client.subject_type == "public":
            return sub
        sector = client.sector_identifier or host_of(client.redirect_uris[0])
        return self.secret_keys.earliest.mac("pairwise subject", sector, sub)

    def sign_for(
        self,
        client: Client,
        claims: Mapping[str, Any],
        *,
        algorithm: str,
        typ: str | None,
        now: datetime,
    ) -> str:
        """Return the claims as a JWT for this client.

        Raises:
            ProtocolError: `temporarily_unavailable`: no key signs as the client is registered.

        """
        try:
            return self.signer.sign_jwt(
                claims, algorithm=algorithm, typ=typ, now=now, client_id=client.client_id
            )
        except NoActiveKeyError as error:
            raise _refuse_without_key(client, algorithm) from error

    def find_kid(self, client: Client, algorithm: str, now: datetime) -> str:
        """Return the name of the key that signs for this client.

        Raises:
            ProtocolError: `temporarily_unavailable`: no key signs as the client is registered.

        """
        try:
            return self.signer.find_kid(algorithm, now=now, client_id=client.client_id)
        except NoActiveKeyError as error:
            raise _refuse_without_key(client, algorithm) from error

    def read_id_token(self, token: str, now: datetime) -> Mapping[str, Any] | None:
        """Return the claims of an ID token of ours, expired ones too; None for anything else."""
        claims = self._read(token, typ=ID_TOKEN_TYPE, now=now, leeway=None)
        is_whole = claims is not None and all(
            isinstance(claims.get(name), str) for name in ("sub", "aud")
        )
        return claims if is_whole else None

    def read_access_token(self, token: str, now: datetime) -> Mapping[str, Any] | None:
        """Return the claims of an unexpired access token of ours; None for anything else."""
        claims = self._read(token, typ=ACCESS_TOKEN_TYPE, now=now, leeway=self.clock_tolerance)
        if claims is None or claims.get("aud") != self.issuer:
            return None
        # Another node's clock may be ahead of ours, yet no token outlives its own end.
        return claims if claims["exp"] > now.timestamp() else None

    def _read(
        self, token: str, *, typ: str, now: datetime, leeway: timedelta | None
    ) -> Mapping[str, Any] | None:
        try:
            claims = self.signer.verify_jwt(token, now=now, typ=typ, leeway=leeway)
        except InvalidTokenError:
            return None
        return claims if claims.get("iss") == self.issuer else None


def _refuse_without_key(client: Client, algorithm: str) -> ProtocolError:
    refused = ProtocolError(
        "temporarily_unavailable",
        "No key signs as this client is registered.",
        reason="no_signing_key",
        details={"algorithm": algorithm},
        status=503,
    )
    refused.client_id = client.client_id
    return refused
