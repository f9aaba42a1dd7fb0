"""The checks of `idp doctor` that look outside: mail, DNS, Redis, the provider's own address."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import dns.exception
import dns.resolver
import httpx
import redis

from idp.cli.findings import Finding, fault, ok, warning
from idp.settings import MailSettings

if TYPE_CHECKING:
    from idp.cli.toolbox import Toolbox

_TIMEOUT_SECONDS = 5


def check_mail_server(toolbox: "Toolbox") -> Iterator[Finding]:
    """Connect, secure the connection and log in, as a delivery would; nothing is sent."""
    mail = toolbox.settings.mail
    place = f"mail server {mail.host}:{mail.port}"
    try:
        with _connect_to_mail_server(mail) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
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
    """Fetch discovery from outside: the address, its certificate, and what the proxy passes on."""
    settings = toolbox.settings
    address = f"{settings.issuer}/.well-known/openid-configuration"
    try:
        answer = httpx.get(address, timeout=_TIMEOUT_SECONDS, verify=_trust(toolbox))
    except httpx.HTTPError as error:
        yield fault(f"{settings.issuer} cannot be reached from here: {error}", _ISSUER_REMEDY)
        return
    issuer = None
    with suppress(ValueError):
        issuer = answer.json().get("issuer")
    if issuer != settings.issuer:
        yield fault(f"{address} names the issuer {issuer!r} (status {answer.status_code})", _ISSUER_REMEDY)
        return
    yield ok(f"{settings.issuer} answers, its certificate is trusted")
    if settings.is_secure and "strict-transport-security" not in answer.headers:
        yield warning("the proxy removes Strict-Transport-Security", "let it pass")


_ISSUER_REMEDY = "check DNS, the proxy and that it passes the Host header on unchanged"


def _connect_to_mail_server(mail: MailSettings) -> smtplib.SMTP:
    timeout = mail.timeout.total_seconds()
    if mail.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            mail.host, mail.port, timeout=timeout, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=timeout)
    if mail.security == "starttls":
        server.starttls(context=ssl.create_default_context())
    if mail.username:
        server.login(mail.username, mail.password.get_secret_value())
    return server


def _trust(toolbox: "Toolbox") -> ssl.SSLContext:
    bundle = toolbox.settings.egress.ca_bundle
    return ssl.create_default_context(cafile=str(bundle) if bundle else None)
