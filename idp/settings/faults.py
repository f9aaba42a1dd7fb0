"""What is wrong with settings that are each well written: together, or for where they are used."""

from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from ipaddress import ip_address
from urllib.parse import urlsplit

from idp.settings.sections import Environment, Settings

_MIN_SECRET_LENGTH = 32
# The store keeps what belongs to a sealed request an hour longer (`idp.store.purge_rules`).
_LONGEST_SEALED_REQUEST = timedelta(hours=24)
_KNOWN_PLACEHOLDERS = ("demo-", "change", "secret", "example", "dev-", "test-")


def find_faults(settings: Settings) -> Iterator[str]:
    """Yield what keeps valid settings from serving safely, a sentence each."""
    yield from _find_issuer_faults(settings)
    yield from _find_secret_faults(settings)
    if settings.passwords.min_length > settings.passwords.max_length:
        yield "passwords.min_length: is above passwords.max_length"
    if settings.keys.jwks_max_age >= settings.keys.manual_announce_lifetime:
        yield "keys.jwks_max_age: must be shorter than keys.manual_announce_lifetime"
    if settings.tokens.sealed_request_lifetime > _LONGEST_SEALED_REQUEST:
        yield "tokens.sealed_request_lifetime: must be 24 h at most"
    if settings.mail.security == "none" and not is_loopback(settings.mail.host):
        yield "mail.security: mail may go unencrypted only to a mail server on loopback"
    if settings.server.metrics_port == settings.server.port:
        yield "server.metrics_port: must differ from server.port"
    yield from _find_address_faults(settings)
    yield from _find_path_faults(settings)
    if settings.tracing.endpoint and find_spec("opentelemetry") is None:
        yield 'tracing.endpoint: needs the "tracing" extra (.ci/make-environment tracing)'


def _find_address_faults(settings: Settings) -> Iterator[str]:
    """The addresses themselves are not told: they hold passwords."""
    if not settings.database.url.get_secret_value().startswith(("sqlite:///", "postgresql")):
        yield "database.url: must begin with sqlite:/// or postgresql+psycopg://"
    redis_url = settings.redis.url.get_secret_value()
    if redis_url and not redis_url.startswith(("redis://", "rediss://", "redis+unix://")):
        yield "redis.url: must begin with redis://, rediss:// or redis+unix://"


def _find_path_faults(settings: Settings) -> Iterator[str]:
    bundle = settings.egress.ca_bundle
    if bundle and not bundle.is_file():
        yield f"egress.ca_bundle: {bundle} is not a readable file"
    for name in ("static_folder", "template_folder"):
        folder = getattr(settings.pages, name)
        if folder and not folder.is_dir():
            yield f"pages.{name}: {folder} is not a folder"


def _find_issuer_faults(settings: Settings) -> Iterator[str]:
    try:
        parts = urlsplit(settings.issuer)
    except ValueError as error:
        yield f"issuer: {error}"
        return
    is_here = is_loopback(parts.hostname or "")
    if not parts.hostname or parts.path or parts.query or parts.fragment:
        yield "issuer: must be an origin such as https://connexion.example, without a final slash"
    elif parts.scheme != "https" and not is_here:
        yield "issuer: must be https (http is for loopback alone)"
    elif settings.environment is Environment.PRODUCTION and parts.scheme != "https":
        yield 'issuer: must be https where environment is "production"'
    elif settings.environment is Environment.DEMO and not is_here:
        yield 'environment: "demo" runs on a loopback issuer alone'


def _find_secret_faults(settings: Settings) -> Iterator[str]:
    named = {
        "secrets.master": settings.secrets.master,
        "secrets.iban": settings.secrets.iban,
        "keys.passphrase": (settings.keys.passphrase,) if not settings.keys.passphrase_file else (),
    }
    for name, values in named.items():
        if name.startswith("secrets") and not values:
            yield f"{name}: is missing; make one with `idp secrets generate`"
        for value in (secret.get_secret_value() for secret in values):
            yield from _find_weakness(name, value, settings.environment)
    if settings.keys.passphrase_file and not settings.keys.passphrase_file.is_file():
        yield f"keys.passphrase_file: {settings.keys.passphrase_file} is not a readable file"


def _find_weakness(name: str, value: str, environment: Environment) -> Iterator[str]:
    if not value:
        yield f"{name}: is missing; make one with `idp secrets generate`"
    elif len(value) < _MIN_SECRET_LENGTH:
        yield f"{name}: is shorter than {_MIN_SECRET_LENGTH} characters"
    elif environment is Environment.PRODUCTION and value.lower().startswith(_KNOWN_PLACEHOLDERS):
        yield f"{name}: is a development secret; make one with `idp secrets generate`"


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine alone."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
