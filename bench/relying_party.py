"""The least of a relying party: authorization code with PKCE, forms filled in on the way."""

import base64
import hashlib
import json
import re
import secrets
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bench.browser import Browser, UnexpectedAnswerError

CLIENT_ID = "bench"
CLIENT_SECRET = "bench-secret-of-the-benchmark-alone-0123456789"
REDIRECT_URI = "http://127.0.0.1:9/retour"
PASSWORD = "Bleuet-Agrafe 7"
_HIDDEN = re.compile(r'name="(csrf_token|request)" value="([^"]*)"')
_BASIC = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()


class RelyingParty:
    """Walks a browser through the flow and redeems what comes back.

    Whatever is not answered as it should raises UnexpectedAnswerError.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def sign_in(self, finess: str) -> dict[str, Any]:
        """Sign in at the login page; return the token response, userinfo read once."""
        verifier, path = _build_request()
        location = path
        while not location.startswith(REDIRECT_URI):
            status, following, page = self.browser.get(location)
            if status == 200:
                fields = dict(_HIDDEN.findall(page))
                fields |= {"finess": finess, "password": PASSWORD}
                status, following, page = self.browser.post("/connexion", fields)
            if status != 303:
                raise UnexpectedAnswerError(location, status, page)
            location = following
        tokens = self.redeem(location, verifier)
        self.read_userinfo(tokens["access_token"])
        return tokens

    def sign_in_again(self) -> dict[str, Any]:
        """Get tokens with the live session: authorize, then token."""
        verifier, path = _build_request()
        status, location, page = self.browser.get(path)
        if status != 303 or not location.startswith(REDIRECT_URI):
            raise UnexpectedAnswerError(path, status, page)
        return self.redeem(location, verifier)

    def redeem(self, location: str, verifier: str) -> dict[str, Any]:
        """Return the token response of the code in a redirect."""
        code = parse_qs(urlsplit(location).query)["code"][0]
        return self._ask_json(
            "/token",
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": REDIRECT_URI,
                "code_verifier": verifier,
            },
        )

    def refresh(self, refresh_token: str) -> dict[str, Any]:
        """Return the token response of a refresh token."""
        return self._ask_json(
            "/token", {"grant_type": "refresh_token", "refresh_token": refresh_token}
        )

    def introspect(self, token: str) -> dict[str, Any]:
        """Return what the provider says of a token."""
        return self._ask_json("/introspect", {"token": token})

    def read_userinfo(self, access_token: str) -> dict[str, Any]:
        """Return the claims."""
        headers = {"Authorization": f"Bearer {access_token}"}
        return _read_json(self.browser.fetch("/userinfo", headers))

    def _ask_json(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        status, _, text = self.browser.post(path, fields, {"Authorization": f"Basic {_BASIC}"})
        if status != 200:
            raise UnexpectedAnswerError(path, status, text)
        return _read_json(text)


def _build_request() -> tuple[str, str]:
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    query = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT_URI,
        "scope": "openid profile email",
        "state": secrets.token_urlsafe(8),
        "nonce": secrets.token_urlsafe(8),
        "code_challenge": challenge.rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return verifier, f"/authorize?{urlencode(query)}"


def _read_json(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found
