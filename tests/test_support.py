"""The services that the tests stand on do what the tests believe of them."""

import os
import smtplib
import ssl
import sys
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
import redis
import sqlalchemy

from tests.conftest import OpenPage, StartProcess
from tests.support.certificates import make_certificate
from tests.support.chromium import find_accessibility_faults
from tests.support.faketime import faketime_environment
from tests.support.network import free_port, is_listening, wait_until
from tests.support.postgresql import PostgresqlServer
from tests.support.processes import run_unprivileged
from tests.support.redis_server import RedisServer
from tests.support.smtp_server import SmtpServer


def make_mail(subject: str) -> EmailMessage:
    """Return a mail of one line."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "b@example.org", subject
    mail.set_content("Bonjour")
    return mail


def test_database_is_empty(empty_database_url: str) -> None:
    """Each test gets a database without a table, on each kind."""
    engine = sqlalchemy.create_engine(empty_database_url)
    with engine.begin() as connection:
        assert sqlalchemy.inspect(connection).get_table_names() == []
        connection.exec_driver_sql("CREATE TABLE left_behind (id INTEGER)")
    engine.dispose()


def test_postgresql_survives_a_crash() -> None:
    """A killed PostgreSQL server comes back on its port with what was committed."""
    server = PostgresqlServer()
    try:
        url = f"host=127.0.0.1 port={server.port} user=idp dbname={server.create_database()}"
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1")
        server.kill()
        assert not is_listening(server.port)
        server.start()
        with psycopg.connect(url) as connection:
            assert connection.execute("TABLE kept").fetchone() == (1,)
    finally:
        server.close()


def test_redis_restarts(redis_server: RedisServer) -> None:
    """A stopped Redis server refuses connections until it is started again on its port."""
    with redis.Redis.from_url(redis_server.url, retry=None) as client:
        assert client.ping()
        redis_server.stop()
        with pytest.raises(redis.ConnectionError):
            client.ping()
        redis_server.start()
        assert client.ping()


def test_mail_arrives_after_restart(smtp_server: SmtpServer) -> None:
    """A stopped mail server refuses connections until it is started again on its port."""
    smtp_server.stop()
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP(smtp_server.host, smtp_server.port)
    smtp_server.start()
    with smtplib.SMTP(smtp_server.host, smtp_server.port) as client:
        client.send_message(make_mail("Activation"))
    received = smtp_server.wait_for_mail()
    assert (received.recipients, received.message["Subject"]) == (("b@example.org",), "Activation")


def test_mail_server_refuses(smtp_server: SmtpServer) -> None:
    """A mail server told to refuse gives its answer and keeps nothing."""
    smtp_server.refusal = "451 Try again later"
    with (
        smtplib.SMTP(smtp_server.host, smtp_server.port) as client,
        pytest.raises(smtplib.SMTPDataError, match="Try again later"),
    ):
        client.send_message(make_mail("Refused"))
    assert smtp_server.mails == []


def test_mail_server_wants_tls_and_credentials(tmp_path: Path) -> None:
    """A mail server can require STARTTLS and a password."""
    certificate = make_certificate(tmp_path)
    server = SmtpServer(certificate=certificate, credentials=("idp", "sample"))
    try:
        with smtplib.SMTP(server.host, server.port) as client:
            with pytest.raises(smtplib.SMTPSenderRefused):
                client.send_message(make_mail("In clear"))
            client.starttls(context=ssl.create_default_context(cafile=certificate.certificate))
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("idp", "wrong")
            client.login("idp", "sample")
            client.send_message(make_mail("Secret"))
        assert server.wait_for_mail().message["Subject"] == "Secret"
    finally:
        server.stop()


def test_mail_server_speaks_tls_at_once(tmp_path: Path) -> None:
    """A mail server can want TLS from the first byte on, and a password over it."""
    certificate = make_certificate(tmp_path)
    server = SmtpServer(
        certificate=certificate, is_tls_implicit=True, credentials=("idp", "sample")
    )
    context = ssl.create_default_context(cafile=certificate.certificate)
    try:
        with smtplib.SMTP_SSL(server.host, server.port, context=context) as client:
            client.login("idp", "sample")
            client.send_message(make_mail("Secret"))
        assert server.wait_for_mail().message["Subject"] == "Secret"
    finally:
        server.stop()


def test_process_is_ended_with_its_children(start_process: StartProcess) -> None:
    """Stopping a program ends the programs that it started."""
    script = "sleep 60 & echo child $!; wait"
    process = start_process(["sh", "-c", script])
    child = int(process.wait_for_output("child").split()[1])
    process.stop()
    wait_until(lambda: not is_alive(child))


def is_alive(pid: int) -> bool:
    """Say whether a process exists and still runs."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and ") Z" not in status.read_text()


def test_process_that_ends_early_says_why(start_process: StartProcess) -> None:
    """Waiting for a program that has ended fails at once with what it printed."""
    process = start_process([sys.executable, "-c", "raise SystemExit('no such setting')"])
    with pytest.raises(RuntimeError, match="no such setting"):
        process.wait_for_port(free_port())


def test_clock_of_a_child_moves() -> None:
    """A program under faketime lives in another day."""
    script = "import time; print(int(time.time()))"
    now, tomorrow = (
        int(run_unprivileged(["/usr/bin/python3", "-c", script], environment=environment).stdout)
        for environment in ({}, faketime_environment("+24h"))
    )
    assert 86_400 <= tomorrow - now < 86_460


def test_unprivileged_program_is_not_root() -> None:
    """Tests of file permissions run as a user whom permissions bind."""
    assert run_unprivileged(["id", "-u"]).stdout.strip() not in {"0", ""}
    assert os.getuid() == 0 or run_unprivileged(["id", "-u"]).stdout.strip() == str(os.getuid())


def test_page_in_chromium(open_page: OpenPage) -> None:
    """A page runs its JavaScript where that is on, and not where it is off."""
    content = "<p id=p>off</p><script>document.getElementById('p').textContent='on'</script>"
    for is_on, expected in ((True, "on"), (False, "off")):
        page = open_page(java_script_enabled=is_on)
        page.set_content(content)
        assert page.text_content("#p") == expected


def test_axe_finds_a_picture_without_words(open_page: OpenPage) -> None:
    """axe-core sees a picture without an alternative."""
    page = open_page()
    page.set_content("<main><h1>Page</h1><img src='data:,'></main>")
    assert any("image-alt" in fault for fault in find_accessibility_faults(page))
