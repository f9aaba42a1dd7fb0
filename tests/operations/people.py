"""Practitioners and their sites over HTTP: what they ask, and what they make of the answers.

A service that is away answers 503 with Retry-After, and then they try again; everything else that
is not the right answer is a fault of the provider, told as an AssertionError.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from threading import Event
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from idp.secret_values import digest, random_token
from tests.support.forms import FormReader
from tests.support.protocol_house import REDIRECT_URI, SECRET
from tests.support.provider import PASSWORD

Wait = Callable[[httpx.Response], None]
"""Waits before the next try, or raises where there is to be none."""


def refuse_to_wait(answer: httpx.Response) -> None:
    """Try once."""
    raise AssertionError(f"{answer.request.url.path} answered {answer.status_code}")


def come_back(_: httpx.Response) -> None:
    """Try again in a moment, sooner than Retry-After asks: a test has less patience."""
    Event().wait(0.1)


class InDoubtError(Exception):
    """A form was sent again after a 503, and the first try may have been carried out."""


class Browser:
    """One browser: its cookies, and the doors through which it comes, each in turn.

    `is_in_doubt` says whether the last form was sent more than once.
    """

    def __init__(self, doors: Sequence[httpx.Client], wait: Wait = refuse_to_wait) -> None:
        self._doors = cycle(doors)
        self._wait = wait
        self.cookies: dict[str, str] = {}
        self.is_in_doubt = False

    def ask(
        self,
        method: str,
        path: str,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a request, again while the answer is 503, and follow nothing."""
        self.is_in_doubt &= method != "POST"
        while True:
            answer = self.ask_once(method, path, data, headers)
            if answer.status_code != 503:
                return answer
            assert answer.headers["Retry-After"].isdecimal(), answer.headers
            self.is_in_doubt |= method == "POST"
            self._wait(answer)

    def ask_once(
        self,
        method: str,
        path: str,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a request and keep the cookies that come with the answer."""
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Cookie": jar, **(headers or {})}
        answer = next(self._doors).request(method, path, data=data, headers=sent)
        for cookie in answer.headers.get_list("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def open(self, path: str) -> tuple[str, httpx.Response]:
        """Open a page, following redirects within the provider; return its address too."""
        return self._follow(path, self.ask("GET", path))

    def submit(
        self, page: httpx.Response, button_id: str, **typed: str
    ) -> tuple[str, httpx.Response]:
        """Fill in the form that has this button, and send it."""
        forms = FormReader(page.text).forms
        form = next(each for each in forms if any(b.id == button_id for b in each.buttons))
        path = form.action or page.request.url.raw_path.decode()
        return self._follow(path, self.ask("POST", path, {**form.fields, **typed}))

    def expect(self, words: str, answer: httpx.Response) -> None:
        """Check that an answer has these words.

        Raises:
            InDoubtError: it has not, and the last form was sent more than once.
            AssertionError: it has not.

        """
        if words not in answer.text:
            error = InDoubtError if self.is_in_doubt else AssertionError
            raise error(f"{answer.request.url.path}: {answer.status_code} {answer.text[:2000]}")

    def _follow(self, address: str, answer: httpx.Response) -> tuple[str, httpx.Response]:
        while answer.status_code == 303:
            address = answer.headers["Location"]
            if address.startswith(REDIRECT_URI):
                break
            parts = urlsplit(address)
            address = f"{parts.path}?{parts.query}" if parts.query else parts.path
            answer = self.ask("GET", address)
        return address, answer


@dataclass
class Practitioner:
    """Somebody at a browser who signs in to SITE, and the site's tokens."""

    finess: str
    browser: Browser
    tokens: dict[str, Any] = field(default_factory=dict)

    def sign_in(self) -> None:
        """Come from the site, sign in, and let the site redeem the code and read the claims."""
        verifier, path = build_request()
        _, page = self.browser.open(path)
        assert page.status_code == 200, page.text
        location, _ = self.browser.submit(
            page, "login-submit", finess=self.finess, password=PASSWORD
        )
        self.redeem(location, verifier)

    def type_password(self) -> httpx.Response:
        """Open the login page, type number and password, and return what comes back."""
        _, page = self.browser.open("/connexion")
        typed = {"finess": self.finess, "password": PASSWORD}
        return self.browser.ask_once("POST", "/connexion", {**read_fields(page), **typed})

    def sign_in_again(self) -> None:
        """Come from the site while the session lives: no page is shown."""
        verifier, path = build_request()
        location, _ = self.browser.open(path)
        self.redeem(location, verifier)

    def redeem(self, location: str, verifier: str) -> None:
        """Redeem the code of a redirect to the site."""
        assert location.startswith(REDIRECT_URI), location
        code = parse_qs(urlsplit(location).query)["code"][0]
        fields = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        self.tokens = self.post_token({**fields, "redirect_uri": REDIRECT_URI})

    def refresh(self) -> None:
        """Let the site rotate its refresh token."""
        fields = {"grant_type": "refresh_token", "refresh_token": self.tokens["refresh_token"]}
        self.tokens = self.post_token(fields)

    def read_claims(self) -> str:
        """Let the site read the claims; return the `sub`."""
        bearer = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        answer = self.browser.ask("GET", "/userinfo", headers=bearer)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["sub"])

    def post_token(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """Return the tokens for this request."""
        client = {"client_id": "site", "client_secret": SECRET}
        answer = self.browser.ask("POST", "/token", {**fields, **client})
        self.browser.expect('"access_token"', answer)
        tokens: dict[str, Any] = answer.json()
        return tokens


def read_fields(page: httpx.Response) -> dict[str, str]:
    """Return the fields of the first form of a page."""
    return FormReader(page.text).forms[0].fields


def build_request(state: str = "state-of-the-site") -> tuple[str, str]:
    """Return a code verifier and the path of an authorization request of SITE."""
    verifier = random_token(48)
    query = {
        "response_type": "code",
        "client_id": "site",
        "redirect_uri": REDIRECT_URI,
        "scope": "openid profile email",
        "state": state,
        "nonce": random_token(8),
        "code_challenge": digest(verifier),
        "code_challenge_method": "S256",
    }
    return verifier, f"/authorize?{urlencode(query)}"
