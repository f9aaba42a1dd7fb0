"""What a view knows about the request at hand: `current`, made anew for each.

Everything in it is made when first asked for: a request pays only for what it uses, and the login
page of a stranger opens no transaction.
"""

from contextvars import ContextVar
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING, Protocol, cast

from flask import Request, request
from werkzeug.local import LocalProxy

from idp import secret_values
from idp.accounts import ports as accounts_ports
from idp.accounts.account import Account
from idp.accounts.login import SignedIn
from idp.accounts.networks import find_networks
from idp.accounts.session import Session
from idp.accounts.sessions import find_session
from idp.accounts.visit import Visit
from idp.protocol import ports as protocol_ports
from idp.web.browser_flow import BrowserFlow, read_flow
from idp.web.browser_names import name_browser
from idp.web.cookies import read_cookie
from idp.web.references import make_reference

if TYPE_CHECKING:
    from datetime import datetime

    from idp.web.services import Services
    from idp.web.waiting_request import WaitingRequest


class Grants(accounts_ports.Grants, protocol_ports.Grants, Protocol):
    """Grants, as both rooms see them."""


class UnitOfWork(accounts_ports.UnitOfWork, protocol_ports.UnitOfWork, Protocol):
    """One transaction, as both rooms see it."""

    @property
    def grants(self) -> Grants:
        """One repository serves both rooms."""

    def rollback(self) -> None:
        """Undo what was not committed."""

    def close(self) -> None:
        """Give the connections back."""


class RequestContext:
    """One request: its moment, its transaction, who is signed in."""

    def __init__(self, services: "Services", request_id: str) -> None:
        self.services = services
        self.request_id = request_id
        self.began_at = perf_counter()
        self.now: datetime = services.clock.now()
        self.new_csrf_secret: str | None = None
        self.new_login: SignedIn | None = None
        self.session_before: Session | None = None
        self.form_action_origins: list[str] = []
        self.frame_sources: list[str] = []
        self.waiting_requests: dict[str, WaitingRequest | None] = {}

    def enter(self) -> None:
        """Make this the request at hand, until `leave`."""
        self._entered = _current.set(self)

    def leave(self) -> None:
        """Give the connections back; no request is at hand any more."""
        _current.reset(self._entered)
        if self.has_uow:
            self.uow.close()

    @cached_property
    def csp_nonce(self) -> str:
        """The nonce of this answer's Content-Security-Policy."""
        return secret_values.random_token(16)

    @cached_property
    def uow(self) -> UnitOfWork:
        """This request's unit of work."""
        return self.services.open_unit(network=self.network, request_id=self.request_id)

    @property
    def has_uow(self) -> bool:
        """Whether anything asked for the unit of work."""
        return "uow" in self.__dict__

    @property
    def network(self) -> str:
        """The address of whoever is asking, seen through the trusted proxies alone."""
        return request.remote_addr or ""

    @cached_property
    def reference(self) -> str:
        """A short form of the request id that can be read on the phone, such as K7QF-3M2P."""
        return make_reference(self.request_id)

    @cached_property
    def flow(self) -> BrowserFlow:
        """This browser's flow cookie, or what it will hold once a view keeps it."""
        return read_flow()

    @cached_property
    def visit(self) -> Visit:
        """This request as the accounts room sees it."""
        networks = find_networks(self.network)
        return Visit(
            tools=self.services.tools,
            uow=self.uow,
            now=self.now,
            networks=networks,
            device_secret=read_cookie("device") or "",
            flow_digest=self.flow.digest,
            browser=name_browser(request.user_agent.string),
            network_label=networks[0].name if networks else "",
        )

    @cached_property
    def session(self) -> Session | None:
        """The live session of this browser; reading it pushes its idle end, once a minute."""
        secret = read_cookie("session")
        return find_session(self.visit, secret) if secret else None

    def start_session(self, login: SignedIn) -> None:
        """Go on as whoever just signed in: the cookies go with the answer, whatever that is."""
        self.new_login, self.session_before, self.session = login, self.session, login.session

    @cached_property
    def account(self) -> Account | None:
        """Whose session it is, as long as they may sign in."""
        account = self.uow.accounts.find(self.session.sub) if self.session else None
        return account if account and account.may_sign_in else None


_current: ContextVar[RequestContext] = ContextVar("current")
current = cast("RequestContext", LocalProxy(_current))


def find_current() -> RequestContext | None:
    """Return the request at hand; None outside of one."""
    return _current.get(None)


def find_request() -> Request:
    """Return Flask's request itself: through its proxy, each look costs."""
    found: Request = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return found


def name_route() -> str:
    """Name the request at hand by its route: what was typed into the address may be a secret."""
    rule = find_request().url_rule
    return rule.rule if rule else "unmatched"
