"""Every setting, frozen: `config/default.toml`, then the operator's file, then the environment.

The environment variable of `[session] idle_lifetime` is `IDP_SESSION__IDLE_LIFETIME`. The file
named by `IDP_CONFIG` (or `idp --config`) is the operator's. Every fault is found before the first
one is reported; a provider with a fault refuses to start.
"""

import os
import pwd
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)

PROJECT_FOLDER = Path(__file__).resolve().parent.parent
DEFAULT_FILE = PROJECT_FOLDER / "config" / "default.toml"

_LIMIT = re.compile(r"\d+ ?(?:per|/) ?(?:\d+ ?)?(?:second|minute|hour|day|month|year)s?")
_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_MIN_SECRET_LENGTH = 32
_KNOWN_PLACEHOLDERS = ("demo-", "change", "secret", "example", "dev-", "test-")


class SettingsError(Exception):
    """The settings have faults; `faults` holds one sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        """Keep the sentences; the message lists them all."""
        self.faults = faults
        super().__init__("\n".join(f"  - {fault}" for fault in faults))


def _parse_duration(value: object) -> object:
    """Read "30 min", "12 h", "90 d" or "60 s"; zero is "0"."""
    match = re.fullmatch(r"(\d+)\s*(s|min|h|d)?", value.strip()) if isinstance(value, str) else None
    if match is None:
        return value
    return timedelta(seconds=int(match[1]) * _UNITS[match[2] or "s"])


def _split_list(value: object) -> object:
    """Read a comma-separated list, as an environment variable holds one."""
    if not isinstance(value, str):
        return value
    return [item.strip() for item in value.split(",") if item.strip()]


def _check_limit(value: str) -> str:
    """Refuse what flask-limiter would pass over in silence."""
    if value and not all(_LIMIT.fullmatch(each.strip()) for each in value.split(";")):
        raise ValueError('must be like "300 per minute", or "300 per minute; 2000 per hour"')
    return value


def _read_nothing(value: object) -> object:
    """Read an empty string as no file."""
    return value or None


Duration = Annotated[timedelta, BeforeValidator(_parse_duration)]
Strings = Annotated[tuple[str, ...], BeforeValidator(_split_list)]
OptionalPath = Annotated[Path | None, BeforeValidator(_read_nothing)]
Limit = Annotated[str, AfterValidator(_check_limit)]
Secrets = Annotated[tuple[SecretStr, ...], BeforeValidator(_split_list)]


class Environment(StrEnum):
    """Where this provider runs: production is strict, the demo runs on loopback alone."""

    PRODUCTION = "production"
    DEMO = "demo"


class Section(BaseModel):
    """A table of the settings file: frozen, and an unknown name in it is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ServerSettings(Section):
    """Where the processes listen, how many there are, and what they run beside."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)]
    workers: Annotated[int, Field(ge=1, le=64)]
    threads: Annotated[int, Field(ge=1, le=64)]
    backpressure: Annotated[int, Field(ge=1)]
    stop_timeout: Duration
    trusted_proxies: Annotated[int, Field(ge=0, le=5)]
    runs_worker: bool
    metrics_host: str
    metrics_port: Annotated[int, Field(ge=0, le=65535)]


class DatabaseSettings(Section):
    """Where rows rest."""

    url: SecretStr
    pool_size: Annotated[int, Field(ge=1, le=100)]
    statement_timeout: Duration
    lock_timeout: Duration


class RedisSettings(Section):
    """Where rate limits are shared."""

    url: SecretStr


class SecretSettings(Section):
    """Keys outside the database, the current one first."""

    master: Secrets
    iban: Secrets


class KeySettings(Section):
    """Where signing keys rest, and when they rotate."""

    folder: Path
    passphrase: SecretStr
    passphrase_file: OptionalPath
    rsa_bits: Literal[2048, 3072, 4096]
    rotation_interval: Duration
    announce_lifetime: Duration
    manual_announce_lifetime: Duration
    jwks_max_age: Duration

    def read_passphrase(self) -> SecretStr:
        """Return the passphrase, from its file where one is named."""
        if self.passphrase_file is None:
            return self.passphrase
        return SecretStr(self.passphrase_file.read_text("utf-8").rstrip("\r\n"))


class TokenSettings(Section):
    """How long what relying parties get stays good."""

    code_lifetime: Duration
    par_lifetime: Duration
    access_lifetime: Duration
    id_token_lifetime: Duration
    refresh_lifetime: Duration
    sealed_request_lifetime: Duration
    stale_request_lifetime: Duration


class SessionSettings(Section):
    """How long a browser stays signed in."""

    idle_lifetime: Duration
    absolute_lifetime: Duration
    shared_computer_idle_lifetime: Duration


class LockoutSettings(Section):
    """How failures are counted, and whom they block."""

    limit: Annotated[int, Field(ge=1, le=20)]
    window: Duration
    block: Duration
    stranger_limit: Annotated[int, Field(ge=1)]
    stranger_window: Duration
    stranger_block: Duration
    known_devices: bool
    known_device_lifetime: Duration
    network_logins_per_hour: Annotated[int, Field(ge=1)]
    network_proofs_per_hour: Annotated[int, Field(ge=1)]
    network_proofs_per_day: Annotated[int, Field(ge=1)]
    login_alarm_per_hour: Annotated[int, Field(ge=1)]
    proof_alarm_per_hour: Annotated[int, Field(ge=1)]


class RegistrationSettings(Section):
    """The two doors proved by an IBAN."""

    email: Literal["chosen", "on_file"]
    link_lifetime: Duration
    proof_lifetime: Duration
    proof_limit: Annotated[int, Field(ge=1, le=20)]
    proof_window: Duration
    proof_block: Duration
    proof_long_limit: Annotated[int, Field(ge=1)]
    proof_long_block: Duration
    mails_per_hour: Annotated[int, Field(ge=1)]


class ResetSettings(Section):
    """The way back in by mail."""

    link_lifetime: Duration
    code_attempts: Annotated[int, Field(ge=1, le=10)]
    mails_per_hour: Annotated[int, Field(ge=1)]
    undo_lifetime: Duration


class PasswordSettings(Section):
    """What a password must be, and what computing its hash may cost."""

    min_length: Annotated[int, Field(ge=8, le=128)]
    max_length: Annotated[int, Field(ge=8, le=128)]
    requires_classes: bool
    renewal_lifetime: Duration
    reminder_interval: Duration
    argon2_memory_kib: Annotated[int, Field(ge=19456)]
    argon2_time_cost: Annotated[int, Field(ge=2)]
    argon2_parallelism: Annotated[int, Field(ge=1, le=8)]
    hash_slots: Annotated[int, Field(ge=0, le=64)]
    hash_queue: Annotated[int, Field(ge=0)]
    hash_queue_timeout: Duration


class MailSettings(Section):
    """How mail leaves."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)]
    security: Literal["starttls", "tls", "none"]
    username: str
    password: SecretStr
    sender: str
    sender_name: str
    reply_to: str
    timeout: Duration
    admins: Strings


class OutboxSettings(Section):
    """How what leaves is retried, and when it is given up."""

    lease: Duration
    poll_interval: Duration
    mail_lifetime: Duration
    notice_lifetime: Duration


class EgressSettings(Section):
    """Requests that the provider itself makes."""

    timeout: Duration
    max_bytes: Annotated[int, Field(ge=1024)]
    ca_bundle: OptionalPath
    allowed_private_hosts: Strings


class LimitSettings(Section):
    """Requests a network may make, in flask-limiter's notation; empty is no limit."""

    login: Limit
    registration: Limit
    reset: Limit
    authorize: Limit
    token: Limit
    everyone_login: Limit


class AuditSettings(Section):
    """How long the trail is kept."""

    retention: Duration


class TracingSettings(Section):
    """Where traces go."""

    endpoint: str


class PageSettings(Section):
    """What the pages and mails say about the house."""

    help_phone: str
    help_email: str
    bank_email: str
    home_url: str
    static_folder: OptionalPath
    social_links: tuple[tuple[str, str], ...]
    template_folder: OptionalPath


class Settings(Section):
    """All settings. Build it with `load_settings`."""

    issuer: str
    environment: Environment
    clients_file: OptionalPath
    clock_tolerance: Duration
    server: ServerSettings
    database: DatabaseSettings
    redis: RedisSettings
    secrets: SecretSettings
    keys: KeySettings
    tokens: TokenSettings
    session: SessionSettings
    lockout: LockoutSettings
    registration: RegistrationSettings
    reset: ResetSettings
    passwords: PasswordSettings
    mail: MailSettings
    outbox: OutboxSettings
    egress: EgressSettings
    limits: LimitSettings
    audit: AuditSettings
    tracing: TracingSettings
    pages: PageSettings

    @property
    def is_secure(self) -> bool:
        """Whether the issuer is https; a loopback http one drops `__Host-` and Secure."""
        return self.issuer.startswith("https://")

    @property
    def issuer_host(self) -> str:
        """The host a practitioner must see in the address bar, with its port where it has one."""
        return urlsplit(self.issuer).netloc


def load_settings(file: Path | None = None, overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read the defaults, the operator's file, the environment and `overrides`, in that order.

    Args:
        file: the operator's TOML file; the one named by `IDP_CONFIG` where None.
        overrides: nested tables, for tests and for command-line options.

    Raises:
        SettingsError: with every fault found.

    """
    named = os.environ.get("IDP_CONFIG")
    operator_file = file or (Path(named) if named else None)
    values = _read_toml(DEFAULT_FILE)
    if operator_file is not None:
        _merge(values, _read_toml(operator_file))
    _merge(values, _read_environment(values))
    _merge(values, overrides or {})
    settings, faults = _validate(values)
    told = {_name_setting(fault) for fault in faults}
    faults += [fault for fault in _find_faults(settings) if _name_setting(fault) not in told]
    if faults:
        raise SettingsError(faults)
    return settings


def pass_on_config_file(file: Path) -> None:
    """Name the operator's file to the processes this one starts."""
    os.environ["IDP_CONFIG"] = str(file.resolve())


def pass_on_options(section: str, options: Mapping[str, object]) -> None:
    """Let options of a command hold in this process and those it starts; None was not given."""
    given = {name: str(value) for name, value in options.items() if value is not None}
    os.environ.update({f"IDP_{section}__{name}".upper(): each for name, each in given.items()})


def name_metrics_folder(folder: Path) -> None:
    """Tell prometheus-client, in the processes this one starts, where to count together."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def find_metrics_folder() -> Path | None:
    """Return where the processes of this host count together, None where each counts alone."""
    named = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return Path(named) if named else None


def name_operator() -> str:
    """Return who runs this process, for the audit trail: the system's user, and sudo's.

    A container may run under a number that no user has: then it is the number.
    """
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        user = str(os.getuid())
    sudo_user = os.environ.get("SUDO_USER")
    return f"{user} (sudo: {sudo_user})" if sudo_user else user


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError([f"{file}: {error}"]) from error


def _read_environment(known: Mapping[str, Any]) -> dict[str, Any]:
    """Turn `IDP_SECTION__KEY=value` into nested tables; a name no section has is left alone."""
    found: dict[str, Any] = {}
    for name, value in os.environ.items():
        section, _, key = name.removeprefix("IDP_").lower().partition("__")
        if not name.startswith("IDP_") or section not in known:
            continue
        if key:
            found.setdefault(section, {})[key] = value
        else:
            found[section] = value
    return found


def _merge(base: dict[str, Any], over: Mapping[str, Any]) -> None:
    for name, value in over.items():
        if isinstance(value, Mapping) and isinstance(base.get(name), dict):
            _merge(base[name], value)
        else:
            base[name] = value


def _validate(values: dict[str, Any]) -> tuple[Settings, list[str]]:
    """Return the settings, the faulty ones replaced by their defaults, and what was wrong."""
    try:
        return Settings.model_validate(values), []
    except ValidationError as error:
        found = error.errors()
    defaults = _read_toml(DEFAULT_FILE)
    for fault in found:
        _reset(values, defaults, fault["loc"])
    return Settings.model_validate(values), [_describe(fault) for fault in found]


def _reset(
    values: dict[str, Any], defaults: Mapping[str, Any], path: tuple[int | str, ...]
) -> None:
    name = str(path[0])
    inner, inner_defaults = values.get(name), defaults.get(name)
    if len(path) > 1 and isinstance(inner, dict) and isinstance(inner_defaults, Mapping):
        _reset(inner, inner_defaults, path[1:])
    elif name in defaults:
        values[name] = inner_defaults
    else:
        values.pop(name, None)


def _describe(fault: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails, a private shape
    where = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"{where}: is no setting (config/default.toml has them all)"
    return f"{where}: {fault['msg'].removeprefix('Value error, ')}"


def _name_setting(fault: str) -> str:
    """Return `section.name`; one value of a list is told with its number behind."""
    return ".".join(fault.partition(":")[0].split(".")[:2])


def _find_faults(settings: Settings) -> Iterator[str]:
    yield from _find_issuer_faults(settings)
    yield from _find_secret_faults(settings)
    if settings.passwords.min_length > settings.passwords.max_length:
        yield "passwords.min_length: is above passwords.max_length"
    if settings.keys.jwks_max_age >= settings.keys.manual_announce_lifetime:
        yield "keys.jwks_max_age: must be shorter than keys.manual_announce_lifetime"
    if settings.mail.security == "none" and not _is_loopback(settings.mail.host):
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
    parts = urlsplit(settings.issuer)
    is_loopback = _is_loopback(parts.hostname or "")
    if not parts.netloc or parts.path or parts.query or parts.fragment:
        yield "issuer: must be an origin such as https://connexion.example, without a final slash"
    elif parts.scheme != "https" and not is_loopback:
        yield "issuer: must be https (http is for loopback alone)"
    elif settings.environment is Environment.PRODUCTION and parts.scheme != "https":
        yield 'issuer: must be https where environment is "production"'
    elif settings.environment is Environment.DEMO and not is_loopback:
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


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
