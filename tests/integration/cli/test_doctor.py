"""`idp doctor`: each thing an operator gets wrong is found, and told with its remedy."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import dns.resolver
import pytest

from idp.cli.checks_inside import check_hash_cost, check_settings
from idp.cli.checks_keys import check_keys
from idp.cli.checks_outside import (
    check_issuer,
    check_mail_server,
    check_rate_limit_store,
    check_sender_domain,
)
from idp.cli.checks_store import check_clock, check_database, check_outbox
from idp.cli.findings import Check, Level
from idp.cli.toolbox import Toolbox
from tests.support.admin_program import AdminProgram, write_settings
from tests.support.certificates import make_certificate
from tests.support.databases import Databases
from tests.support.network import free_port
from tests.support.redis_server import RedisServer
from tests.support.signing import MovedClock
from tests.support.smtp_server import SmtpServer
from tests.support.tiny_servers import DiscoveryServer, DnsServer

Examine: TypeAlias = Callable[..., list[tuple[Level, str]]]

RECORDS = {"mnspf.example": "v=spf1 -all", "_dmarc.mnspf.example": "v=DMARC1; p=reject"}


@pytest.fixture
def examine(sqlite_databases: Databases, tmp_path: Path) -> Iterator[Examine]:
    """A function that runs one check with settings of one's own: levels, and what is said."""
    url = sqlite_databases.url(sqlite_databases.create_migrated())
    config = tmp_path / "settings.toml"
    with ExitStack() as opened:

        def run(check: Check, *, database_url: str = url, **parts: str) -> list[tuple[Level, str]]:
            write_settings(config, database_url, **parts)
            config.chmod(0o600)
            toolbox = Toolbox(config)
            opened.callback(toolbox.close)
            return [
                (finding.level, f"{finding.text} {finding.remedy}") for finding in check(toolbox)
            ]

        yield run


@pytest.fixture
def dns_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[DnsServer]:
    """The only DNS server that is asked."""
    server = DnsServer(RECORDS)
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = server.port
    monkeypatch.setattr("dns.resolver.default_resolver", resolver)
    yield server
    server.stop()


def levels(findings: list[tuple[Level, str]]) -> list[Level]:
    """Return how bad each is."""
    return [level for level, _ in findings]


def test_settings_are_named(examine: Examine) -> None:
    """The issuer and where it runs; without a proxy in front or an admin to tell, a warning."""
    findings = examine(check_settings)
    assert levels(findings) == [Level.OK, Level.WARNING, Level.WARNING]
    assert "https://connexion.example (production)" in findings[0][1]
    assert "server.trusted_proxies is 0" in findings[1][1]
    assert "mail.admins is empty" in findings[2][1]


def test_open_port_behind_a_proxy_is_warned_of(examine: Examine) -> None:
    """Who goes round the proxy chooses the address that limits count against (C80)."""
    more = '[server]\ntrusted_proxies = 1\nhost = "0.0.0.0"\n[mail]\nadmins = ["a@b.example"]'
    findings = examine(check_settings, more=more)
    assert levels(findings) == [Level.OK, Level.WARNING]
    assert "forge its address" in findings[1][1]


def test_settings_that_everybody_reads_are_warned_of(
    admin: AdminProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They hold secrets, whichever way they were named."""
    admin.config.chmod(0o644)
    monkeypatch.setenv("IDP_CONFIG", str(admin.config))
    for toolbox in (admin.toolbox, Toolbox()):
        assert any("everybody" in finding.text for finding in check_settings(toolbox))


def test_database_that_fits(admin: AdminProgram) -> None:
    """Its version is named."""
    (finding,) = check_database(admin.toolbox)
    assert finding.level is Level.OK
    assert finding.text.startswith(("SQLite 3.", "PostgreSQL "))


def test_restored_database_is_told(admin: AdminProgram) -> None:
    """Whoever wonders where yesterday's sessions went finds the restoration's date."""
    admin.do("db", "restored", "--yes")
    finding = list(check_database(admin.toolbox))[-1]
    assert finding.level is Level.OK
    assert "restored from a backup on" in finding.text


def test_database_without_tables(empty_database_url: str, examine: Examine) -> None:
    """The remedy is the command."""
    (finding,) = examine(check_database, database_url=empty_database_url)
    assert finding == (Level.FAULT, "The database has no tables yet run idp db upgrade")


def test_missing_sqlite_file_is_not_made(examine: Examine, tmp_path: Path) -> None:
    """Whoever asks the doctor as root must not leave a file that the service cannot open."""
    file = tmp_path / "none.sqlite3"
    (finding,) = examine(check_database, database_url=f"sqlite:///{file}")
    assert finding[0] is Level.FAULT
    assert not file.exists()


def test_sqlite_file_open_to_others(examine: Examine, tmp_path: Path) -> None:
    """The remedy is chmod (C110)."""
    file = tmp_path / "open.sqlite3"
    file.touch(mode=0o644)
    (finding,) = examine(check_database, database_url=f"sqlite:///{file}")
    assert finding[0] is Level.FAULT
    assert "chmod 600" in finding[1]


def test_database_that_is_away(examine: Examine) -> None:
    """PostgreSQL stopped, or elsewhere."""
    url = f"postgresql://idp@127.0.0.1:{free_port()}/idp"
    (finding,) = examine(check_database, database_url=url)
    assert finding[0] is Level.FAULT


def test_clocks_agree(admin: AdminProgram) -> None:
    """Within seconds of the database's."""
    (finding,) = check_clock(admin.toolbox)
    assert finding.level is Level.OK


def test_clock_that_is_off(postgresql_databases: Databases, tmp_path: Path) -> None:
    """A node a minute ahead of PostgreSQL would end links and blocks too soon."""
    write_settings(
        tmp_path / "settings.toml", postgresql_databases.url(postgresql_databases.create_migrated())
    )
    toolbox = Toolbox(tmp_path / "settings.toml")
    toolbox.clock = MovedClock(datetime.now(UTC) + timedelta(minutes=1))
    (finding,) = check_clock(toolbox)
    toolbox.close()
    assert finding.level is Level.FAULT
    assert "NTP" in finding.remedy


def test_keys_that_are_missing(examine: Examine) -> None:
    """The remedy is the command that makes the first ones."""
    (finding,) = examine(check_keys)
    assert finding[0] is Level.FAULT
    assert "idp keys init" in finding[1]


def test_keys_that_sign(admin: AdminProgram) -> None:
    """How long each still does, and what follows."""
    admin.do("keys", "init")
    rs256, es256 = sorted(check_keys(admin.toolbox), key=lambda finding: finding.text, reverse=True)
    assert (rs256.level, es256.level) == (Level.OK, Level.OK)
    assert rs256.text.startswith("RS256: rs256-")
    assert "signs for 89 days" in rs256.text
    admin.do("keys", "rotate", "--alg", "ES256")
    texts = [finding.text for finding in check_keys(admin.toolbox)]
    assert any(text.startswith("ES256") and "signs for 0 days" in text for text in texts)


def test_key_that_signs_too_long(admin: AdminProgram) -> None:
    """No worker ran for months."""
    admin.do("keys", "init")
    admin.toolbox.clock = MovedClock(datetime.now(UTC) + timedelta(days=100))
    assert Level.WARNING in [finding.level for finding in check_keys(admin.toolbox)]


def test_empty_outbox(admin: AdminProgram) -> None:
    """Nothing waits."""
    (finding,) = check_outbox(admin.toolbox)
    assert (finding.level, finding.text) == (Level.OK, "0 mails and notices wait")


def test_outbox_that_nobody_empties(admin: AdminProgram) -> None:
    """An old mail is a fault: no worker runs, or the mail server is away."""
    with admin.toolbox.unit_of_work() as unit:
        sent_at = admin.now - timedelta(hours=1)
        unit.outbox.enqueue_mail("alarm", to="a@b.example", parameters={}, now=sent_at)
    (finding,) = check_outbox(admin.toolbox)
    assert finding.level is Level.FAULT
    assert "the oldest for 1:00:0" in finding.text


def test_mail_that_was_given_up(admin: AdminProgram) -> None:
    """It is for somebody to look at."""
    with admin.toolbox.unit_of_work() as unit:
        unit.outbox.enqueue_mail(
            "alarm", to="a@b.example", parameters={}, now=admin.now, expires_at=admin.now
        )
        unit.commit()
        unit.outbox.bury_expired(admin.now)
    assert [finding.level for finding in check_outbox(admin.toolbox)] == [Level.OK, Level.WARNING]


def test_hash_cost_is_measured(examine: Examine) -> None:
    """Its time and its memory; more than half of the machine's is warned of."""
    (finding,) = examine(check_hash_cost)
    assert "a password hash takes" in finding[1]
    (greedy,) = examine(
        check_hash_cost, more="[passwords]\nhash_slots = 64\n[server]\nworkers = 64"
    )
    assert greedy[0] is Level.WARNING


def test_mail_server_is_asked(examine: Examine, tmp_path: Path) -> None:
    """Over STARTTLS and with its password, as a delivery would; nothing is sent."""
    certificate = make_certificate(tmp_path)
    server = SmtpServer(certificate=certificate, credentials=("idp", "right"))
    settings = """
        [egress]
        ca_bundle = {}
        [mail]
        host = "localhost"
        port = {}
        security = "starttls"
        username = "idp"
        password = "{}"
    """
    bundle = json.dumps(str(certificate.certificate))
    (good,) = examine(check_mail_server, more=settings.format(bundle, server.port, "right"))
    (bad,) = examine(check_mail_server, more=settings.format(bundle, server.port, "wrong"))
    server.stop()
    (away,) = examine(check_mail_server, more=settings.format(bundle, server.port, "right"))
    assert levels([good, bad, away]) == [Level.OK, Level.FAULT, Level.FAULT]
    assert "(starttls as idp)" in good[1]
    assert "wrong" not in bad[1]
    assert server.mails == []


@pytest.mark.usefixtures("dns_server")
def test_sender_domain_is_looked_up(examine: Examine) -> None:
    """SPF and DMARC, without which mails end among the spam."""
    good = examine(check_sender_domain, more='[mail]\nsender = "noreply@mnspf.example"')
    assert levels(good) == [Level.OK, Level.OK]
    bad = examine(check_sender_domain, more='[mail]\nsender = "noreply@other.example"')
    assert levels(bad) == [Level.WARNING, Level.WARNING]


def test_rate_limits_without_redis(examine: Examine) -> None:
    """Several processes count apart; a single one has nobody to share with."""
    (finding,) = examine(check_rate_limit_store, more="[server]\nworkers = 2")
    assert finding[0] is Level.WARNING
    assert examine(check_rate_limit_store, more="[server]\nworkers = 1") == []


def test_redis_is_asked(examine: Examine, redis_server: RedisServer) -> None:
    """Away, it is a fault: sign-ins fail closed."""
    more = f"[redis]\nurl = {json.dumps(redis_server.url)}"
    (good,) = examine(check_rate_limit_store, more=more)
    redis_server.stop()
    (bad,) = examine(check_rate_limit_store, more=more)
    assert levels([good, bad]) == [Level.OK, Level.FAULT]


def test_issuer_is_fetched(examine: Examine, tmp_path: Path) -> None:
    """Over TLS: who answers, for how long the certificate is good, and what the proxy removed."""
    certificate = make_certificate(tmp_path)
    server = DiscoveryServer(certificate=certificate)
    more = f"[egress]\nca_bundle = {json.dumps(str(certificate.certificate))}"
    try:
        (other,) = examine(check_issuer, issuer=server.address, more=more)
        server.issuer = server.address
        (untrusted,) = examine(check_issuer, issuer=server.address)
        answers, hsts, short = examine(check_issuer, issuer=server.address, more=more)
    finally:
        server.stop()
    assert levels([other, untrusted]) == [Level.FAULT, Level.FAULT]
    assert "names the issuer ''" in other[1]
    assert "egress.ca_bundle" in untrusted[1]
    assert levels([answers, hsts, short]) == [Level.OK, Level.WARNING, Level.WARNING]
    assert "Strict-Transport-Security" in hsts[1]
    assert "for 0 days more" in short[1]


@pytest.mark.usefixtures("dns_server")
def test_all_is_well(admin: AdminProgram, database_url: str, smtp_server: SmtpServer) -> None:
    """Exit code 0, and each finding on a line of its own that begins with its level."""
    server = DiscoveryServer()
    server.issuer = server.address
    write_settings(
        admin.config,
        database_url,
        issuer=server.address,
        top='environment = "demo"',
        more=f"""
        [server]
        workers = 1
        [mail]
        port = {smtp_server.port}
        sender = "noreply@mnspf.example"
        admins = ["admin@mnspf.example"]
        """,
    )
    admin.config.chmod(0o600)
    admin.do("keys", "init")
    try:
        printed = admin.do("doctor")
    finally:
        server.stop()
    assert {line.split()[0] for line in printed.splitlines()} == {"ok"}


@pytest.mark.usefixtures("dns_server")
def test_faults_are_told_with_remedies(tmp_path: Path) -> None:
    """Exit code 1; a check that breaks hides none of the others."""
    config = tmp_path / "settings.toml"
    write_settings(
        config,
        f"postgresql://idp@127.0.0.1:{free_port()}/idp",
        issuer=f"https://127.0.0.1:{free_port()}",
        more=f"[mail]\nport = {free_port()}",
    )
    lines = AdminProgram(config).refuse("doctor").splitlines()
    faults = [number for number, line in enumerate(lines) if line.startswith("fault")]
    assert len(faults) == 4
    assert all(lines[number + 1].startswith("        -> ") for number in faults)
    assert any("mail server" in line for line in lines)


def test_wrong_settings_end_it(tmp_path: Path) -> None:
    """With every fault, and exit code 2."""
    config = tmp_path / "settings.toml"
    config.write_text('issuer = "http://connexion.example"\n')
    refusal = AdminProgram(config).refuse("doctor", code=2)
    assert "issuer: must be https" in refusal
    assert "secrets.master: is missing" in refusal


def test_calibration_needs_no_settings() -> None:
    """It measures this machine; never is less than OWASP's minimum proposed."""
    printed = AdminProgram(Path(os.devnull)).do("doctor", "--calibrate", "--target-ms", "1")
    assert "OWASP's minimum" in printed
    assert "keep it" in printed
