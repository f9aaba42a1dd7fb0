"""What views are served with: built once in the composition root, the same for every request."""

from dataclasses import dataclass, field
from typing import Protocol

from idp.accounts.visit import Tools
from idp.clock import Clock
from idp.protocol.ports import ClientDirectory
from idp.protocol.server import AuthorizationServer
from idp.secret_values import SecretKeys
from idp.settings import Settings
from idp.web.context import UnitOfWork
from idp.web.house import House


class OpenUnit(Protocol):
    """Opens a unit of work whose audit events come from this request."""

    def __call__(self, *, network: str, request_id: str) -> UnitOfWork:
        """Return a new one; nothing is connected before its first statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Settings, keys, clients, the authorization server, and the tools of the accounts room."""

    settings: Settings
    clock: Clock
    secret_keys: SecretKeys = field(repr=False)
    open_unit: OpenUnit
    clients: ClientDirectory
    protocol: AuthorizationServer
    tools: Tools
    house: House
