"""The outbox from the row to the mail server: over both databases, with several workers."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from idp.outbound.delivery import Delivery
from idp.outbound.mail_message import MailRenderer, Sender
from idp.outbound.mails import MailHandler
from idp.outbound.ports import OutboxItem, OutboxKind
from idp.outbound.retry import RetryPolicy
from idp.outbound.smtp import MailServer, SmtpTransport
from idp.secret_values import SecretKey, SecretKeys
from idp.store.audit import AuditContext
from idp.store.database import Database
from idp.store.unit_of_work import SqlUnitOfWork
from tests.support.smtp_server import SmtpServer
from tests.unit.outbound.fakes import MovableClock

KEYS = SecretKeys([SecretKey("k" * 32)])
SENDER = Sender(
    address="noreply@mnspf.fr",
    name="MNSPF",
    reply_to="contact@mnspf.fr",
    domain="connexion.mnspf.fr",
)
TEMPLATES = Path(__file__).parents[2] / "unit" / "outbound" / "templates"
POLICY = RetryPolicy(lifetime=timedelta(days=3))


class PostOffice:
    """A store, a mail server, and as many workers as a test wants."""

    def __init__(self, url: str, server: SmtpServer) -> None:
        self.clock = MovableClock()
        self.server = server
        self.database = Database(url, keys=KEYS)

    def open_unit(self) -> SqlUnitOfWork:
        """Open a unit of work of a worker."""
        return self.database.unit_of_work(AuditContext(clock=self.clock))

    def queue(self, count: int = 1) -> None:
        """Queue mails, each with its link."""
        with self.open_unit() as unit:
            for number in range(count):
                unit.outbox.enqueue_mail(
                    "sample",
                    to=f"practitioner-{number}@exemple.fr",
                    parameters={"name": "Camille"},
                    secrets={"link": f"https://connexion.mnspf.fr/activation/{number}"},
                    now=self.clock.now(),
                )
            unit.commit()

    def make_worker(self, transport: SmtpTransport | None = None) -> Delivery:
        """Return one more worker's lane for mails."""
        target = MailServer(host=self.server.host, port=self.server.port, security="none")
        renderer = MailRenderer([TEMPLATES], SENDER, {})
        return Delivery(
            OutboxKind.MAIL,
            MailHandler(
                renderer, transport or SmtpTransport(target), keys=KEYS, sender=SENDER.address
            ),
            open_unit=self.open_unit,
            policy=POLICY,
            clock=self.clock,
        )

    def find_items(self) -> list[OutboxItem]:
        """Return every item."""
        with self.open_unit() as unit:
            return list(unit.outbox.find_page(limit=1000))


@pytest.fixture
def office(database_url: str, smtp_server: SmtpServer) -> Iterator[PostOffice]:
    """An office with nothing to do."""
    office = PostOffice(database_url, smtp_server)
    yield office
    office.database.close()


def test_several_workers_send_each_mail_once(office: PostOffice) -> None:
    """Four workers at once empty the outbox; no recipient gets two mails."""
    office.queue(40)
    workers = [threading.Thread(target=office.make_worker().deliver_due) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    received = Counter(mail.recipients for mail in office.server.mails)
    assert len(received) == 40
    assert set(received.values()) == {1}


def test_link_is_erased_once_delivered(office: PostOffice) -> None:
    """What went out is not kept: the database has no link that works."""
    office.queue()
    office.make_worker().deliver_due()
    assert b"https://connexion.mnspf.fr/activation/0" in office.server.mails[0].raw
    assert not office.find_items()[0].sealed_secrets


class KilledTransport(SmtpTransport):
    """Dies between the delivery and its record, as kill -9 would have it."""

    def send(self, *arguments: object, **options: object) -> None:
        """Send, then die."""
        super().send(*arguments, **options)  # type: ignore[arg-type]
        self.close()
        raise KeyboardInterrupt


def test_worker_killed_in_between_sends_again_under_the_same_id(office: PostOffice) -> None:
    """When its lease is over the mail is sent again; its Message-ID shows that it is the same."""
    office.queue()
    target = MailServer(host=office.server.host, port=office.server.port, security="none")
    with pytest.raises(KeyboardInterrupt):
        office.make_worker(KilledTransport(target)).deliver_due()
    assert office.make_worker().deliver_due() == 0
    office.clock.move(POLICY.lease)
    assert office.make_worker().deliver_due() == 1
    assert office.make_worker().deliver_due() == 0
    received = [mail.message["Message-ID"] for mail in office.server.mails]
    assert len(received) == 2
    assert len(set(received)) == 1


def test_mail_server_away_for_an_hour(office: PostOffice) -> None:
    """Attack case C95: nothing is lost, and everything leaves once, with the links of then."""
    office.server.stop()
    worker = office.make_worker()
    for _ in range(6):
        office.queue(5)
        worker.deliver_due()
        office.clock.move(timedelta(minutes=10))
    office.server.start()
    worker.deliver_due()
    received = [mail.message["Message-ID"] for mail in office.server.mails]
    assert len(received) == len(set(received)) == 30
