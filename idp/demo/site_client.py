"""Signing people in with Authlib's client: all that the demo's site says to the provider."""

from collections.abc import Mapping
from typing import Any, cast

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, request
from joserfc.errors import JoseError
from werkzeug import Response

from idp.demo.plan import CLIENT_ID
from idp.demo.site_sessions import SiteSession

SCOPE = "openid profile email phone address finess"
# Answers to a silent try that mean no more than "not signed in" (OpenID Connect Core 3.1.2.6).
_NOT_SIGNED_IN = frozenset({"login_required", "interaction_required", "consent_required"})


class SignInError(Exception):
    """Nobody was signed in; `code` is the OAuth error, or ours."""

    def __init__(self, code: str) -> None:
        """Keep the error's code."""
        super().__init__(code)
        self.code = code

    @property
    def is_nobody(self) -> bool:
        """Whether a silent try found that nobody is signed in at the provider."""
        return self.code in _NOT_SIGNED_IN


class SiteClient:
    """One provider, known by its issuer: discovery tells the rest."""

    def __init__(self, app: Flask, *, issuer: str, client_secret: str, site_url: str) -> None:
        """Register the provider with Authlib."""
        self.issuer = issuer
        self._site_url = site_url
        self._remote: Any = OAuth(app).register(
            "mnspf",
            client_id=CLIENT_ID,
            client_secret=client_secret,
            server_metadata_url=f"{issuer}/.well-known/openid-configuration",
            client_kwargs={"scope": SCOPE, "code_challenge_method": "S256"},
        )

    def begin_sign_in(self, **parameters: str) -> Response:
        """Return the redirect to the provider, with a fresh state, nonce and PKCE verifier."""
        answer = self._remote.authorize_redirect(f"{self._site_url}/retour", **parameters)
        return cast("Response", answer)

    def finish_sign_in(self) -> SiteSession:
        """Check the answer, redeem the code, verify the ID token, ask userinfo.

        Raises:
            SignInError: the provider said no, or something in its answer is wrong.

        """
        if request.args.get("iss") != self.issuer:  # RFC 9207: this provider's answer, or nobody's
            raise SignInError("wrong_issuer")
        try:
            token: Mapping[str, Any] = self._remote.authorize_access_token()
            profile = self._remote.userinfo(token=token)
        except OAuthError as error:
            raise SignInError(error.error) from error
        except JoseError as error:
            raise SignInError("invalid_id_token") from error
        claims = dict(token["userinfo"])
        return SiteSession(claims=claims, profile=dict(profile), id_token=token["id_token"])

    def begin_sign_out(self, id_token: str) -> Response:
        """Return the redirect that ends the session at the provider too (RP-Initiated Logout)."""
        answer = self._remote.logout_redirect(f"{self._site_url}/au-revoir", id_token_hint=id_token)
        return cast("Response", answer)

    def fetch_keys(self, *, force: bool) -> Mapping[str, Any]:
        """Return the provider's keys: those known already, unless told to fetch them."""
        return cast("Mapping[str, Any]", self._remote.fetch_jwk_set(force=force))
