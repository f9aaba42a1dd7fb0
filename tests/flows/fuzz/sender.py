"""Sends a request as its bytes stand, with fresh tokens where it asks for some."""

from collections.abc import Callable, Mapping
from itertools import count
from urllib.parse import quote, quote_from_bytes

from werkzeug.test import Client, EnvironBuilder, TestResponse

from idp.accounts.account import AccountState
from tests.flows.fuzz.seeds import (
    ACCESS_TOKEN,
    CODE,
    ID_TOKEN,
    REFRESH_TOKEN,
    SESSION,
    Pairs,
    Request,
)
from tests.support.protocol_house import ISSUER
from tests.support.provider import Provider

HOST = ISSUER.partition("://")[2]
FORM_TYPE = "application/x-www-form-urlencoded"


class Sender:
    """One provider under fire; each request comes from a network of its own."""

    def __init__(self, provider: Provider) -> None:
        self._running = running = provider.running
        self._client = Client(running.app, use_cookies=False)
        self._numbers = count(1)
        account = provider.find_account()
        assert account
        self._sub = account.sub
        self._relying_party = running.open_browser()
        running.sign_in(self._relying_party)

    def send(self, request: Request) -> TestResponse:
        """Return the answer; nothing is followed and no cookie kept."""
        fresh = {token: make() for token, make in self._makers.items() if token in repr(request)}
        headers = [(name, _fill(value, fresh)) for name, value in request.headers]
        sent = {name.lower() for name, _ in headers}
        if request.form and "content-type" not in sent:
            headers.append(("Content-Type", FORM_TYPE))
        if request.cookies and "cookie" not in sent:
            cookies = "; ".join(f"{name}={value}" for name, value in request.cookies)
            headers.append(("Cookie", _as_header(_fill(cookies, fresh))))
        builder = EnvironBuilder(
            path=quote(request.path.encode("utf-8", "surrogateescape")) or "/",
            method=request.method,
            base_url=ISSUER,
            query_string=_encode(request.query, fresh),
            data=_encode(request.form, fresh).encode(),
            headers=headers,
            environ_overrides={"REMOTE_ADDR": self._next_address()},
        )
        return self._client.open(builder)

    @property
    def _makers(self) -> Mapping[str, Callable[[], str]]:
        return {
            CODE: self._relying_party.get_code,
            ACCESS_TOKEN: lambda: self._get_token("access_token"),
            REFRESH_TOKEN: lambda: self._get_token("refresh_token"),
            ID_TOKEN: lambda: self._get_token("id_token"),
            SESSION: self._sign_in,
        }

    def _sign_in(self) -> str:
        """Open a session of the account, whatever became of it meanwhile; return its secret."""
        browser = self._running.open_browser()
        self._running.set_account_state(self._sub, AccountState.ACTIVE)
        self._running.sign_in(browser, sub=self._sub)
        cookie = browser.get_cookie("__Host-session", HOST)
        assert cookie
        return cookie.value

    def _get_token(self, name: str) -> str:
        return str(self._relying_party.get_tokens()[name])

    def _next_address(self) -> str:
        number = next(self._numbers)
        return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _encode(pairs: Pairs, fresh: Mapping[str, str]) -> str:
    return "&".join(f"{_quote(name)}={_quote(_fill(value, fresh))}" for name, value in pairs)


def _quote(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogateescape"))


def _fill(text: str, fresh: Mapping[str, str]) -> str:
    for token, made in fresh.items():
        text = text.replace(token, made)
    return text


def _as_header(text: str) -> str:
    """Return text as WSGI holds the bytes of a header, without what ends one."""
    raw = text.encode("utf-8", "surrogateescape").decode("latin-1")
    return raw.replace("\r", "").replace("\n", "").replace("\0", "")
