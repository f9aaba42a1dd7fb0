"""The operations that are measured, each as a step that one simulated browser repeats."""

from collections.abc import Callable
from itertools import count
from typing import Any, Protocol

from bench.browser import Browser
from bench.relying_party import RelyingParty

ACCOUNTS = 100


class Step(Protocol):
    """Does one operation, raises if the answer is not right."""

    def __call__(self) -> object:
        """Do it."""


MakeStep = Callable[[int, int], Step]
"""Makes the step of one simulated browser from the server's port and the browser's number."""


def name_account(number: int) -> str:
    """Return the FINESS number of one of the accounts; they come round again."""
    return f"99{number % ACCOUNTS:07d}"


def make_fetch(path: str) -> MakeStep:
    """Return what makes a step that fetches a public document."""

    def make(port: int, _: int) -> Step:
        browser = Browser(port)
        return lambda: browser.fetch(path)

    return make


def make_login(port: int, number: int) -> Step:
    """Sign in, in a fresh browser: authorize, page, password, token, userinfo."""
    turns = count(number)

    def step() -> object:
        browser = Browser(port)
        try:
            return RelyingParty(browser).sign_in(name_account(next(turns)))
        finally:
            browser.close()

    return step


def make_sso(port: int, number: int) -> Step:
    """Get tokens with a live session: authorize and token."""
    party, _ = _sign_in(port, number)
    return party.sign_in_again


def make_refresh(port: int, number: int) -> Step:
    """Rotate a refresh token."""
    party, tokens = _sign_in(port, number)
    held = [tokens["refresh_token"]]

    def step() -> object:
        held[0] = party.refresh(held[0])["refresh_token"]
        return held

    return step


def make_introspection(port: int, number: int) -> Step:
    """Introspect an access token."""
    party, tokens = _sign_in(port, number)

    def step() -> object:
        found = party.introspect(tokens["access_token"])
        assert found["active"], found
        return found

    return step


def make_userinfo(port: int, number: int) -> Step:
    """Read the claims of an access token."""
    party, tokens = _sign_in(port, number)
    return lambda: party.read_userinfo(tokens["access_token"])


def _sign_in(port: int, number: int) -> tuple[RelyingParty, dict[str, Any]]:
    party = RelyingParty(Browser(port))
    return party, party.sign_in(name_account(number))


OPERATIONS: dict[str, MakeStep] = {
    "login": make_login,
    "sso": make_sso,
    "refresh": make_refresh,
    "introspect": make_introspection,
    "userinfo": make_userinfo,
    "discovery": make_fetch("/.well-known/openid-configuration"),
}
