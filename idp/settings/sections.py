"""Every setting, in the order of `config/default.toml`, which says what each means."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from idp.settings.values import Duration, DurationOrZero, Limit, OptionalPath, Secrets, Strings


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
    renewal_lifetime: DurationOrZero
    reminder_interval: DurationOrZero
    argon2_memory_kib: Annotated[int, Field(ge=19456)]
    argon2_time_cost: Annotated[int, Field(ge=2)]
    argon2_parallelism: Annotated[int, Field(ge=1, le=8)]
    hash_slots: Annotated[int, Field(ge=0, le=64)]
    hash_queue: Annotated[int, Field(ge=0)]
    hash_queue_timeout: DurationOrZero


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
    template_folder: OptionalPath
    social_links: tuple[tuple[str, str], ...]


class Settings(Section):
    """All settings. Build it with `load_settings`."""

    issuer: str
    environment: Environment
    clients_file: OptionalPath
    clock_tolerance: DurationOrZero
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
