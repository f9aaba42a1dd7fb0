"""The least of a browser and of a relying party: cookies, forms, authorization code with PKCE."""

import base64
import hashlib
import http.client
import json
import re
import secrets
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT_ID = "bench"
CLIENT_SECRET = "bench-secret-of-the-benchmark-alone-0123456789"
REDIRECT_URI = "http://127.0.0.1:9/retour"
PASSWORD = "Bleuet-Agrafe 7"
_HIDDEN = re.compile(r'name="(csrf_token|request)" value="([^"]*)"')
_BASIC = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()


class Browser:
    """One connection and one cookie jar; for one thread."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._cookies: dict[str, str] = {}

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Return status, Location and body."""
        return self._ask("GET", path, None, headers or {})

    def post(
        self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Post a form; return status, Location and body."""
        return self._ask("POST", path, urlencode(fields), headers or {})

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, str, str]:
        if self._cookies:
            jar = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
            headers = {**headers, "Cookie": jar}
        if body is not None:
            headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        location = answer.headers.get("Location", "")
        return answer.status, location.removeprefix(f"http://127.0.0.1:{self._port}"), text


class RelyingParty:
    """Walks a browser through the flow and redeems what comes back."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def sign_in(self, username: str) -> dict[str, Any]:
        """Sign in at the login page; return the token response, userinfo read once."""
        verifier, path = _build_request()
        location = path
        while not location.startswith(REDIRECT_URI):
            status, following, page = self.browser.get(location)
            if status == 200:
                fields = dict(_HIDDEN.findall(page))
                fields |= {"finess": username, "password": PASSWORD}
                status, following, page = self.browser.post("/connexion", fields)
            if status != 303:
                raise RuntimeError(f"{location} answered {status}: {page[:200]}")
            location = following
        tokens = self.redeem(location, verifier)
        self.read_userinfo(tokens["access_token"])
        return tokens

    def sign_in_again(self) -> dict[str, Any]:
        """Get tokens with the live session: authorize, then token."""
        verifier, path = _build_request()
        status, location, page = self.browser.get(path)
        if status != 303 or not location.startswith(REDIRECT_URI):
            raise RuntimeError(f"authorize answered {status}: {page[:200]}")
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
        status, _, text = self.browser.get("/userinfo", {"Authorization": f"Bearer {access_token}"})
        return _read_json(status, text)

    def _ask_json(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        status, _, text = self.browser.post(path, fields, {"Authorization": f"Basic {_BASIC}"})
        return _read_json(status, text)


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


def _read_json(status: int, text: str) -> dict[str, Any]:
    if status != 200:
        raise RuntimeError(f"answered {status}: {text[:200]}")
    found: dict[str, Any] = json.loads(text)
    return found
