"""What leaves, as the settings want it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from idp.app.pages import list_template_folders
from idp.clock import Clock
from idp.outbound.chores import Chore, ChoreList
from idp.outbound.delivery import Delivery, Handler
from idp.outbound.egress import EgressRules, build_ssl_context
from idp.outbound.http_client import GuardedHttpClient
from idp.outbound.logout_notices import BuildLogoutToken, LogoutNoticeHandler
from idp.outbound.mail_message import MailRenderer, Sender
from idp.outbound.mails import MailHandler
from idp.outbound.ports import OpenUnitOfWork, OutboxKind
from idp.outbound.retry import RetryPolicy
from idp.outbound.smtp import MailServer, SmtpTransport
from idp.outbound.worker import OutboxWorker
from idp.protocol.client import Client
from idp.secret_values import SecretKeys
from idp.settings import Environment, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerParts:
    """What the worker needs from the other rooms.

    `mail_globals` is what every mail template is given; `count_delivery(kind, outcome)` is the
    metrics'; `find_client` may open a unit of work of its own.
    """

    open_unit: OpenUnitOfWork
    find_client: Callable[[str], Client | None]
    build_logout_token: BuildLogoutToken
    mail_globals: Mapping[str, object]
    keys: SecretKeys
    clock: Clock
    chores: Sequence[Chore] = ()
    count_delivery: Callable[[str, str], None] | None = None


def build_http_client(settings: Settings) -> GuardedHttpClient:
    """Return the one client that calls relying parties."""
    egress = settings.egress
    return GuardedHttpClient(
        EgressRules(
            allowed_private_hosts=frozenset(host.lower() for host in egress.allowed_private_hosts),
            may_use_loopback_http=settings.environment is Environment.DEMO,
        ),
        timeout=egress.timeout,
        max_bytes=egress.max_bytes,
        ca_bundle=egress.ca_bundle,
    )


def build_mail_transport(settings: Settings) -> SmtpTransport:
    """Return the way to the mail server; nothing is connected yet."""
    mail = settings.mail
    return SmtpTransport(
        MailServer(
            host=mail.host,
            port=mail.port,
            security=mail.security,
            username=mail.username,
            password=mail.password.get_secret_value(),
            timeout=mail.timeout,
        ),
        build_ssl_context(settings.egress.ca_bundle),
    )


def build_mail_renderer(settings: Settings, mail_globals: Mapping[str, object]) -> MailRenderer:
    """Return what makes messages; an operator's templates go before the shipped ones."""
    sender = Sender(
        address=settings.mail.sender,
        name=settings.mail.sender_name,
        reply_to=settings.mail.reply_to,
        domain=settings.issuer_host.partition(":")[0],
    )
    return MailRenderer(list_template_folders(settings), sender, mail_globals)


def build_worker(settings: Settings, parts: WorkerParts) -> OutboxWorker:
    """Return the worker, not started: a lane for mails, one for logout notices, the chores."""
    mails = MailHandler(
        build_mail_renderer(settings, parts.mail_globals),
        build_mail_transport(settings),
        keys=parts.keys,
        sender=settings.mail.sender,
    )
    notices = LogoutNoticeHandler(
        parts.find_client, parts.build_logout_token, build_http_client(settings)
    )
    outbox = settings.outbox

    def build_lane(kind: OutboxKind, handler: Handler, lifetime: timedelta) -> Delivery:
        policy = RetryPolicy(lifetime=lifetime, lease=outbox.lease)
        return Delivery(
            kind,
            handler,
            open_unit=parts.open_unit,
            policy=policy,
            clock=parts.clock,
            observe=parts.count_delivery,
        )

    lanes = [
        build_lane(OutboxKind.MAIL, mails, outbox.mail_lifetime),
        build_lane(OutboxKind.LOGOUT, notices, outbox.notice_lifetime),
    ]
    chores = ChoreList(parts.chores, parts.clock)
    return OutboxWorker(lanes, chores, poll_interval=outbox.poll_interval)
