"""Joins the parts into what views, the worker and the health checks are served with."""

from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from idp.app.accounts import build_tools
from idp.app.keys import open_keys
from idp.app.outbound import build_http_client
from idp.app.pages import build_house
from idp.app.secrets import build_secret_keys
from idp.app.storage import open_database
from idp.clock import Clock
from idp.outbound.audit_log import log_event
from idp.outbound.jwks import HttpJwksFetcher
from idp.outbound.metrics import Metrics
from idp.protocol.client import Client
from idp.protocol.client_directory import CachedClients
from idp.protocol.client_keys import ClientKeys
from idp.protocol.provider import Provider
from idp.protocol.server import AuthorizationServer
from idp.secret_values import SecretKeys
from idp.settings import Settings
from idp.signing.live_keys import LiveKeys
from idp.signing.ports import KeyStore
from idp.signing.signer import Signer
from idp.store.audit import AuditContext
from idp.store.database import Database
from idp.store.unit_of_work import SqlUnitOfWork
from idp.web.services import Services


@dataclass(frozen=True, kw_only=True)
class Built:
    """One process's parts: what views get is in `services`, the rest runs beside them."""

    services: Services
    database: Database
    live_keys: LiveKeys
    metrics: Metrics
    registry: CollectorRegistry

    def open_unit(self) -> SqlUnitOfWork:
        """Return a unit of work that belongs to no request."""
        return self.database.unit_of_work(AuditContext(clock=self.services.clock))


def build(settings: Settings, clock: Clock, *, key_store: KeyStore | None = None) -> Built:
    """Build everything; signing keys come from `key_store`, else from the settings' folder.

    Raises:
        KeysRefusedError: the signing keys cannot be used.
        UnsafeFileError: the SQLite file is open to others.

    """
    registry = CollectorRegistry()
    metrics = Metrics(registry)

    def tell_event(event: Mapping[str, object]) -> None:
        log_event(event)
        metrics.count_event(event)

    database = open_database(settings, tell_event=tell_event)
    live_keys = open_keys(settings, clock, store=key_store)
    services = _build_services(
        settings, clock, database=database, live_keys=live_keys, metrics=metrics
    )
    return Built(
        services=services,
        database=database,
        live_keys=live_keys,
        metrics=metrics,
        registry=registry,
    )


def _build_services(
    settings: Settings, clock: Clock, *, database: Database, live_keys: LiveKeys, metrics: Metrics
) -> Services:
    def open_unit(*, network: str = "", request_id: str = "") -> SqlUnitOfWork:
        context = AuditContext(clock=clock, network=network or None, request_id=request_id or None)
        return database.unit_of_work(context)

    def find_client(client_id: str) -> Client | None:
        with open_unit() as unit:
            return unit.clients.find(client_id)

    clients = CachedClients(find_client)
    secret_keys = build_secret_keys(settings)
    tools = build_tools(settings, secret_keys, metrics)
    provider = _build_provider(settings, clients, live_keys=live_keys, secret_keys=secret_keys)
    return Services(
        settings=settings,
        clock=clock,
        secret_keys=secret_keys,
        open_unit=open_unit,
        clients=clients,
        protocol=AuthorizationServer(provider),
        tools=tools,
        house=build_house(settings),
    )


def _build_provider(
    settings: Settings, clients: CachedClients, *, live_keys: LiveKeys, secret_keys: SecretKeys
) -> Provider:
    return Provider(
        issuer=settings.issuer,
        lifetimes=settings.tokens,
        clock_tolerance=settings.clock_tolerance,
        clients=clients,
        client_keys=ClientKeys(HttpJwksFetcher(build_http_client(settings))),
        signer=Signer(live_keys.ring),
        read_ring=live_keys.ring,
        secret_keys=secret_keys,
    )
