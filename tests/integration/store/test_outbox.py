"""The outbox: queued once, leased by one worker, secrets sealed and then erased."""

import json
from datetime import datetime, timedelta

import pytest

from idp.outbound.ports import SECRETS_PURPOSE, OutboxItem, OutboxKind, OutboxState
from idp.secret_values import SecretKeys
from idp.store.unit_of_work import SqlUnitOfWork
from tests.integration.store.samples import NOW, SUB, after

LEASE_END = after(minutes=2)
LINK = "https://connexion.mnspf.fr/activation?jeton=secret"


def enqueue(unit: SqlUnitOfWork, *, now: datetime = NOW, **options: object) -> None:
    """Queue a mail."""
    mail = {"to": "lilas@example.org", "parameters": {"name": "é"}, "now": now, **options}
    unit.outbox.enqueue_mail("activation", **mail)  # type: ignore[arg-type]


def lease(
    unit: SqlUnitOfWork, worker: str = "w1", *, limit: int = 10, now: datetime = NOW
) -> list[OutboxItem]:
    """Lease mails for two minutes from NOW on."""
    return list(
        unit.outbox.lease(
            OutboxKind.MAIL, worker=worker, limit=limit, lease_until=LEASE_END, now=now
        )
    )


def only(unit: SqlUnitOfWork) -> OutboxItem:
    """Return the only item there is."""
    (item,) = unit.outbox.find_page()
    return item


def test_a_mail_is_leased_with_what_it_needs(unit: SqlUnitOfWork, keys: SecretKeys) -> None:
    """Its secrets sealed, for whoever holds the key outside the database."""
    enqueue(unit, secrets={"link": LINK}, expires_at=after(hours=24))
    (item,) = lease(unit)
    assert (item.kind, item.template, item.recipient) == (
        OutboxKind.MAIL,
        "activation",
        "lilas@example.org",
    )
    assert (item.parameters, item.attempts, item.expires_at) == ({"name": "é"}, 1, after(hours=24))
    assert item.sealed_secrets
    assert "secret" not in item.sealed_secrets
    assert json.loads(keys.unseal(SECRETS_PURPOSE, item.sealed_secrets)) == {"link": LINK}


def test_a_leased_item_is_nobody_elses(unit: SqlUnitOfWork) -> None:
    """Until the lease runs out, as it does when its worker died."""
    enqueue(unit)
    assert lease(unit, "w1")
    assert not lease(unit, "w2")
    assert not lease(unit, "w2", now=LEASE_END - timedelta(microseconds=1))
    (again,) = unit.outbox.lease(
        OutboxKind.MAIL, worker="w2", limit=1, lease_until=after(minutes=9), now=LEASE_END
    )
    assert again.attempts == 2


def test_a_lost_lease_closes_nothing(unit: SqlUnitOfWork) -> None:
    """Who comes back too late finds the item another's."""
    enqueue(unit)
    (item,) = lease(unit, "w1")
    unit.outbox.lease(
        OutboxKind.MAIL, worker="w2", limit=1, lease_until=after(minutes=9), now=LEASE_END
    )
    assert not unit.outbox.mark_delivered(item.id, "w1", LEASE_END)
    assert not unit.outbox.mark_dead(item.id, "w1", error="late", now=LEASE_END)
    assert not unit.outbox.mark_failed(
        item.id, "w1", error="late", next_attempt_at=LEASE_END, now=LEASE_END
    )
    assert unit.outbox.mark_delivered(item.id, "w2", LEASE_END)


def test_leases_take_the_oldest_up_to_a_limit(unit: SqlUnitOfWork) -> None:
    """The rest waits for the next turn."""
    for minutes in (-1, -3, -2):
        enqueue(unit, now=after(minutes=minutes))
    leased = lease(unit, limit=2)
    assert [item.created_at for item in leased] == [after(minutes=-3), after(minutes=-2)]


def test_a_lease_can_ask_for_one_kind(unit: SqlUnitOfWork) -> None:
    """A slow relying party holds up no mail."""
    enqueue(unit)
    unit.outbox.enqueue_logout_notice("site", SUB, sid="s", now=NOW)
    leased = unit.outbox.lease(
        OutboxKind.LOGOUT, worker="w", limit=9, lease_until=LEASE_END, now=NOW
    )
    assert [item.kind for item in leased] == [OutboxKind.LOGOUT]


def test_an_expired_item_is_not_leased(unit: SqlUnitOfWork) -> None:
    """Nobody is sent a link that is already dead."""
    enqueue(unit, expires_at=after(hours=1))
    assert not lease(unit, now=after(hours=1))


@pytest.mark.parametrize("outcome", ["delivered", "dead", "expired"])
def test_secrets_are_erased_when_an_item_is_done(unit: SqlUnitOfWork, outcome: str) -> None:
    """Delivered, given up or expired alike."""
    enqueue(unit, secrets={"link": LINK}, expires_at=after(minutes=1))
    (item,) = lease(unit)
    if outcome == "delivered":
        assert unit.outbox.mark_delivered(item.id, "w1", NOW)
    elif outcome == "dead":
        assert unit.outbox.mark_dead(item.id, "w1", error="550 no such user", now=NOW)
    else:
        assert unit.outbox.bury_expired(after(minutes=1)) == 1
    assert not only(unit).sealed_secrets


def test_a_failed_item_comes_back_when_it_was_said(unit: SqlUnitOfWork) -> None:
    """With its last error, and its secrets still sealed."""
    enqueue(unit, secrets={"link": LINK})
    (item,) = lease(unit)
    assert unit.outbox.mark_failed(
        item.id, "w1", error="451 try later", next_attempt_at=after(minutes=1), now=NOW
    )
    assert not lease(unit)
    (again,) = lease(unit, now=after(minutes=1))
    assert (again.last_error, bool(again.sealed_secrets)) == ("451 try later", True)


def test_a_mail_is_queued_each_time(unit: SqlUnitOfWork) -> None:
    """Whoever asks twice gets two."""
    for _ in range(2):
        enqueue(unit)
    assert len(unit.outbox.find_page()) == 2


def test_a_logout_notice_is_queued_once_a_client_and_session(unit: SqlUnitOfWork) -> None:
    """However often the session is ended."""
    for sid in ("s1", "s1", "s2"):
        unit.outbox.enqueue_logout_notice("site", SUB, sid=sid, now=NOW)
    assert len(unit.outbox.find_page()) == 2


def test_a_dead_item_can_be_tried_again(unit: SqlUnitOfWork) -> None:
    """It is due at once."""
    enqueue(unit)
    (item,) = lease(unit)
    unit.outbox.mark_dead(item.id, "w1", error="gone", now=NOW)
    assert unit.outbox.retry(item.id, NOW)
    assert lease(unit)


def test_a_mail_without_its_link_stays_dead(unit: SqlUnitOfWork) -> None:
    """What is erased cannot be sent."""
    enqueue(unit, secrets={"link": LINK})
    (item,) = lease(unit)
    unit.outbox.mark_dead(item.id, "w1", error="gone", now=NOW)
    assert not unit.outbox.retry(item.id, NOW)


def test_a_delivered_item_is_not_sent_twice(unit: SqlUnitOfWork) -> None:
    """Not even by hand."""
    enqueue(unit)
    (item,) = lease(unit)
    unit.outbox.mark_delivered(item.id, "w1", NOW)
    assert not unit.outbox.retry(item.id, NOW)
    assert not unit.outbox.retry("unknown", NOW)


def test_pages_run_from_the_newest_on(unit: SqlUnitOfWork) -> None:
    """Each begins behind the last item of the one before, also within one moment."""
    for _ in range(5):
        enqueue(unit)
    first = unit.outbox.find_page(limit=3)
    second = unit.outbox.find_page(limit=3, after=first[-1])
    assert len({item.id for item in (*first, *second)}) == 5


def test_a_page_can_ask_for_one_state(unit: SqlUnitOfWork) -> None:
    """As `idp mail list --dead` does."""
    enqueue(unit)
    (item,) = lease(unit)
    enqueue(unit)
    unit.outbox.mark_dead(item.id, "w1", error="gone", now=NOW)
    assert [found.id for found in unit.outbox.find_page(OutboxState.DEAD)] == [item.id]
    assert unit.outbox.find_page(OutboxState.DEAD, after=item) == []


def test_the_depth_says_how_much_waits_and_since_when(unit: SqlUnitOfWork) -> None:
    """Leased items wait too."""
    assert unit.outbox.depth(NOW).oldest_age == timedelta()
    for minutes in (-5, -1):
        enqueue(unit, now=after(minutes=minutes))
    leased = lease(unit)
    enqueue(unit)
    unit.outbox.mark_dead(leased[1].id, "w1", error="gone", now=NOW)
    depth = unit.outbox.depth(NOW)
    assert (depth.waiting, depth.oldest_age, depth.dead) == (2, timedelta(minutes=5), 1)
