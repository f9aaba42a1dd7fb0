"""Secrets that are planted or given out while everything happens, and where each turns up."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_TOKENS = ("access_token", "refresh_token", "id_token")
_WHOLE_WORD = 12


@dataclass
class Canaries:
    """What nobody but its owner may read, by a name."""

    secrets: dict[str, str] = field(default_factory=dict)

    def plant(self, name: str, text: str) -> str:
        """Watch a secret from now on, and return it."""
        self.secrets[f"{name} {len(self.secrets)}"] = text
        return text

    def find_in(self, text: str) -> list[str]:
        """Return the names of the secrets that stand in a text."""
        return [name for name, secret in self.secrets.items() if _stands_in(secret, text)]


def _stands_in(secret: str, text: str) -> bool:
    """Look for a short secret as a word of its own: its digits may be part of any number."""
    if len(secret) >= _WHOLE_WORD:
        return secret in text
    return re.search(rf"(?<![\w.]){re.escape(secret)}(?![\w.])", text) is not None


class Recorder:
    """A WSGI application around another: keeps the bodies, and plants whatever is given out.

    That is cookies, authorization codes and tokens.
    """

    def __init__(self, app: "WSGIApplication", canaries: Canaries) -> None:
        self._app = app
        self._canaries = canaries
        self.bodies: list[str] = []

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer as the application does."""
        told: list[tuple[str, str]] = []

        def start(
            status: str, headers: list[tuple[str, str]], *rest: object
        ) -> Callable[[bytes], object]:
            told.extend(headers)
            return start_response(status, headers, *rest)  # type: ignore[arg-type]

        answer = self._app(environ, start)
        body = b"".join(answer)
        if close := getattr(answer, "close", None):
            close()
        self._plant(told, body.decode("utf-8", "replace"))
        return [body]

    def _plant(self, headers: list[tuple[str, str]], body: str) -> None:
        self.bodies.append(body)
        for name, value in headers:
            if name == "Set-Cookie":
                self._plant_cookies(value)
            elif name == "Location":
                for code in parse_qs(urlsplit(value).query).get("code", ()):
                    self._canaries.plant("authorization code", code)
        if body.startswith("{") and "token" in body:
            given = json.loads(body)
            for kind in _TOKENS:
                if kind in given:
                    self._canaries.plant(kind, given[kind])

    def _plant_cookies(self, value: str) -> None:
        for name, cookie in SimpleCookie(value).items():
            if cookie.value and not name.endswith("state"):
                self._canaries.plant(f"cookie {name}", cookie.value.partition(".")[0])
