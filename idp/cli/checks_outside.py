"""The checks of `idp doctor` that look outside: mail, DNS, Redis, the provider's own address."""

import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import dns.exception
import dns.resolver
import httpx
import redis

from idp.app.outbound import build_mail_transport
from idp.cli.findings import Finding, fault, ok, warning
from idp.outbound.egress import build_ssl_context
from idp.outbound.failures import TransportDownError

if TYPE_CHECKING:
    from idp.cli.toolbox import Toolbox

_TIMEOUT_SECONDS = 5
_ISSUER_REMEDY = "check DNS, the proxy and that it passes the Host header on unchanged"
_TLS_REMEDY = (
    "its certificate must name this host, be in date, come with its chain, and end in an authority "
    "that this machine or egress.ca_bundle knows"
)
_SHORT_CERTIFICATE = timedelta(days=14)


def check_mail_server(toolbox: "Toolbox") -> Iterator[Finding]:
    """Connect, secure the connection and log in, as a delivery would; nothing is sent."""
    mail = toolbox.settings.mail
    place = f"mail server {mail.host}:{mail.port}"
    try:
        build_mail_transport(toolbox.settings).check()
    except TransportDownError as error:
        yield fault(f"{place}: {error}", "check [mail]; mails wait in the outbox meanwhile")
    else:
        login = f" as {mail.username}" if mail.username else ""
        yield ok(f"{place} answers ({mail.security}{login})")


def check_sender_domain(toolbox: "Toolbox") -> Iterator[Finding]:
    """Look for SPF and DMARC of the sender's domain: without them mails end among the spam."""
    domain = toolbox.settings.mail.sender.rpartition("@")[2]
    for name, prefix in ((domain, "v=spf1"), (f"_dmarc.{domain}", "v=DMARC1")):
        try:
            answer = dns.resolver.resolve(name, "TXT", lifetime=_TIMEOUT_SECONDS)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            yield warning(f"{name} has no {prefix} record", "publish one, or mails land in spam")
        except dns.exception.DNSException as error:
            yield warning(f"{name}: cannot ask the DNS ({type(error).__name__})", "ask it by hand")
        else:
            is_there = any(prefix in record.to_text() for record in answer)
            yield (
                ok(f"{name} has a {prefix} record")
                if is_there
                else warning(f"{name} has no {prefix} record", "publish one")
            )


def check_rate_limit_store(toolbox: "Toolbox") -> Iterator[Finding]:
    """Ask Redis, or say what its absence means."""
    url = toolbox.settings.redis.url.get_secret_value()
    if not url:
        if toolbox.settings.server.workers > 1:
            yield warning(
                "rate limits are counted by each process alone",
                "set redis.url; lockouts and network budgets are exact either way",
            )
        return
    try:
        with redis.Redis.from_url(url, socket_timeout=_TIMEOUT_SECONDS) as client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        yield fault(f"Redis: {error}", "start it or mend redis.url: sign-ins answer 503 meanwhile")
    else:
        yield ok("Redis answers")


def check_issuer(toolbox: "Toolbox") -> Iterator[Finding]:
    """Fetch discovery as a relying party does: address, certificate, and what the proxy passes."""
    settings = toolbox.settings
    address = f"{settings.issuer}/.well-known/openid-configuration"
    try:
        fetched = _fetch(address, build_ssl_context(settings.egress.ca_bundle))
    except httpx.HTTPError as error:
        yield fault(
            f"{settings.issuer} cannot be reached from here: {error}", _choose_remedy(error)
        )
        return
    if fetched.issuer != settings.issuer:
        text = f"{address} names the issuer {fetched.issuer!r} (status {fetched.status})"
        yield fault(text, _ISSUER_REMEDY)
        return
    yield ok(f"{settings.issuer} answers as itself")
    if settings.is_secure and not fetched.has_hsts:
        yield warning("the proxy removes Strict-Transport-Security", "let it pass")
    if fetched.certificate_ends_at:
        yield _judge_certificate(fetched.certificate_ends_at - toolbox.clock.now())


def _choose_remedy(error: BaseException | None) -> str:
    """Tell what was wrong with TLS from what was wrong before it."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return _TLS_REMEDY
        error = error.__cause__ or error.__context__
    return _ISSUER_REMEDY


@dataclass(frozen=True, slots=True)
class _Fetched:
    status: int
    issuer: object
    has_hsts: bool
    certificate_ends_at: datetime | None


def _fetch(address: str, trust: ssl.SSLContext) -> _Fetched:
    """The certificate is there only as long as the connection is."""
    with httpx.stream("GET", address, timeout=_TIMEOUT_SECONDS, verify=trust) as answer:
        certificate = answer.extensions["network_stream"].get_extra_info("ssl_object")
        ends_at = None
        if certificate:
            seconds = ssl.cert_time_to_seconds(certificate.getpeercert()["notAfter"])
            ends_at = datetime.fromtimestamp(seconds, UTC)
        answer.read()
    issuer = None
    with suppress(ValueError, AttributeError):
        issuer = answer.json().get("issuer")
    has_hsts = "strict-transport-security" in answer.headers
    return _Fetched(answer.status_code, issuer, has_hsts, ends_at)


def _judge_certificate(left: timedelta) -> Finding:
    text = f"its certificate is trusted for {left.days} days more"
    return warning(text, "renew it") if left < _SHORT_CERTIFICATE else ok(text)
