"""`idp mail` and `idp audit` over a real store."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import click
import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from idp.audit_events import Event
from idp.cli.audit import audit
from idp.cli.mail import mail
from idp.outbound.ports import OutboxKind, OutboxState
from idp.secret_values import SecretKey, SecretKeys
from idp.store.audit import AuditContext
from idp.store.database import Database
from idp.store.unit_of_work import SqlUnitOfWork
from tests.unit.outbound.fakes import MovableClock

CANARY = "canary-link"


class Workshop:
    """What the commands are given, over a database of this test."""

    def __init__(self, url: str) -> None:
        self.clock = MovableClock()
        self.console = Console(width=400, highlight=False)
        self._database = Database(url, keys=SecretKeys([SecretKey("k" * 32)]))

    @contextmanager
    def unit_of_work(self) -> Iterator[SqlUnitOfWork]:
        """Open a unit in the operator's name, as the toolbox does."""
        context = AuditContext(clock=self.clock, operator="operator")
        with self._database.unit_of_work(context) as unit:
            yield unit
            unit.commit()

    def run(self, command: click.Command, *words: str) -> Result:
        """Run a command."""
        self.console = Console(width=400, highlight=False)
        return CliRunner().invoke(command, words, obj=self)

    def queue(self, to: str, *, has_link: bool = True) -> None:
        """Queue a mail."""
        with self.unit_of_work() as unit:
            secrets = {"link": f"https://x.example/{CANARY}"} if has_link else None
            parameters = {"finess": "990000010"}
            unit.outbox.enqueue_mail(
                "activation", to=to, parameters=parameters, secrets=secrets, now=self.clock.now()
            )

    def bury(self) -> None:
        """Give up every mail."""
        now = self.clock.now()
        with self.unit_of_work() as unit:
            leased = unit.outbox.lease(
                OutboxKind.MAIL,
                worker="w",
                limit=9,
                lease_until=now + timedelta(minutes=1),
                now=now,
            )
            for item in leased:
                unit.outbox.mark_dead(item.id, "w", error="550 [/quota] nobody here", now=now)

    def count(self, state: OutboxState) -> int:
        """Count the items of a state."""
        with self.unit_of_work() as unit:
            return len(unit.outbox.find_page(state))

    def close(self) -> None:
        """Close the database."""
        self._database.close()


@pytest.fixture
def shop(database_url: str) -> Iterator[Workshop]:
    """Commands over an empty database."""
    shop = Workshop(database_url)
    yield shop
    shop.close()


def test_list_shows_what_waits_and_no_secret(shop: Workshop) -> None:
    """Recipient, template and state are shown; links and codes are not."""
    shop.queue("camille@exemple.fr")
    shown = shop.run(mail, "list")
    assert "camille@exemple.fr" in shown.output
    assert "activation" in shown.output
    assert re.search(r"  [0-9a-f-]{36}\n", shown.output)  # whole, at any width: retry wants it
    assert "1 waiting, the oldest for 0:00:00; 0 given up" in shown.output
    assert CANARY not in shown.output


def test_list_says_that_a_decoy_goes_to_nobody(shop: Workshop) -> None:
    """What only made an answer take as long has no empty place for an address."""
    shop.queue("")
    assert "activation to nobody  " in shop.run(mail, "list").output


def test_list_of_one_state(shop: Workshop) -> None:
    """Items of other states are left out; the reason of a dead one is shown."""
    shop.queue("dead@exemple.fr")
    shop.bury()
    shop.queue("waiting@exemple.fr")
    shown = shop.run(mail, "list", "--state", "dead").output
    assert "dead@exemple.fr" in shown
    assert "550 [/quota] nobody here" in shown  # a mail server's words are no markup of ours
    assert "waiting@exemple.fr" not in shown


def test_dead_mail_without_link_is_retried(shop: Workshop) -> None:
    """It is due at once, and the trail says who did it."""
    shop.queue("a@exemple.fr", has_link=False)
    shop.bury()
    result = shop.run(mail, "retry", "--dead")
    assert (result.exit_code, result.output) == (0, "1 of 1 are due now\n")
    assert shop.count(OutboxState.WAITING) == 1
    assert "mail.retried" in shop.run(audit, "tail").output


def test_dead_mail_with_link_stays_dead(shop: Workshop) -> None:
    """Its link was erased: the practitioner asks for a new one. Exit code 1."""
    shop.queue("a@exemple.fr")
    shop.bury()
    result = shop.run(mail, "retry", "--dead")
    assert (result.exit_code, result.stdout) == (1, "0 of 1 are due now\n")
    assert "is erased" in result.stderr
    assert shop.count(OutboxState.DEAD) == 1


@pytest.mark.parametrize("words", [(), ("some-id", "--dead")])
def test_retry_wants_ids_or_all_the_dead(words: tuple[str, ...], shop: Workshop) -> None:
    """One or the other, not both and not neither: exit code 2."""
    assert shop.run(mail, "retry", *words).exit_code == 2


@pytest.fixture
def trail(shop: Workshop) -> Workshop:
    """A trail of three events, an hour apart."""
    for name, finess in (
        (Event.LOGIN_FAILED, "990000010"),
        (Event.LOGIN_FAILED, "990000028"),
        (Event.LOGIN_SUCCEEDED, "990000010"),
    ):
        with shop.unit_of_work() as unit:
            unit.audit.record(name, finess=finess, client_id="site", reason="why")
        shop.clock.move(timedelta(hours=1))
    return shop


def names(result: Result) -> list[str]:
    """Return the names of the events shown, in order."""
    return re.findall(r"^\S+ \S+ \S+  (\S+)", result.output, re.MULTILINE)


def test_tail_shows_the_newest_last(trail: Workshop) -> None:
    """As many as asked for, in the order they happened."""
    assert names(trail.run(audit, "tail", "-n", "2")) == ["login.failed", "login.succeeded"]


@pytest.mark.parametrize(
    "words, found",
    [
        (("--finess", "99 000 001 0"), ["login.failed", "login.succeeded"]),
        (("--event", "login.failed"), ["login.failed", "login.failed"]),
        (("--client", "site", "--limit", "1"), ["login.succeeded"]),
        (("--since", "2026-03-02T10:30:00+0000"), ["login.failed", "login.succeeded"]),
        (("--until", "2026-03-02T10:30:00+0000"), ["login.failed"]),
    ],
)
def test_search_finds_what_matches(
    words: tuple[str, ...], found: list[str], trail: Workshop
) -> None:
    """By number however it is typed, by event, by client, by time."""
    assert names(trail.run(audit, "search", *words)) == found


def test_search_that_finds_nothing_says_so(trail: Workshop) -> None:
    """In words beside the output, and by exit code 1 for scripts, as grep has it."""
    found = trail.run(audit, "search", "--event", "data.exported")
    assert (found.exit_code, found.stdout, found.stderr) == (1, "", "No event matches.\n")


def test_search_for_an_event_that_there_is_not(trail: Workshop) -> None:
    """A misspelt name is refused: "none matches" would be believed."""
    refused = trail.run(audit, "search", "--event", "login.fail")
    assert refused.exit_code == 2
    assert "'login.failed'" in refused.stderr


def test_search_from_a_time_as_it_was_shown(trail: Workshop) -> None:
    """What `tail` printed can be given back; what is no time is answered with samples."""
    shown = " ".join(trail.run(audit, "tail", "-n", "1").output.split()[:3])
    assert names(trail.run(audit, "search", "--since", shown)) == ["login.succeeded"]
    refused = trail.run(audit, "search", "--since", "yesterday")
    assert refused.exit_code == 2
    assert "2026-03-02T14:30" in refused.stderr
    assert "%" not in refused.stderr


def test_times_are_shown_with_their_offset(trail: Workshop) -> None:
    """A time without an offset means nothing on the phone."""
    line = trail.run(audit, "tail", "-n", "1").output
    day, time, offset = line.split()[:3]
    shown = datetime.fromisoformat(f"{day} {time}{offset}")
    assert shown.astimezone(UTC) == datetime(2026, 3, 2, 11, 30, tzinfo=UTC)
