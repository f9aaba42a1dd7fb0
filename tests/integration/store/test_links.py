"""Registrations, resets and changes of address: each link once, replaced when it should be."""

from datetime import timedelta

import pytest

from idp.accounts.links import EmailLinkKind, LinkState
from idp.store.unit_of_work import SqlUnitOfWork
from tests.integration.store.samples import (
    FINESS,
    NOW,
    SUB,
    after,
    make_account,
    make_email_link,
    make_practitioner,
    make_registration,
    make_reset,
)


@pytest.fixture(autouse=True)
def account(unit: SqlUnitOfWork) -> None:
    """The practitioner and account the links are about."""
    unit.practitioners.save(make_practitioner())
    unit.accounts.add(make_account())


def test_a_registration_is_found_by_its_link(unit: SqlUnitOfWork) -> None:
    """As it was added."""
    registration = make_registration(sealed_request="sealed", flow_digest="flow")
    unit.registrations.add(registration)
    assert unit.registrations.find_by_link(registration.link_digest) == registration
    assert unit.registrations.find_by_link("unknown") is None


def test_a_new_registration_replaces_the_waiting_one(unit: SqlUnitOfWork) -> None:
    """The first may have gone to a mistyped address."""
    first, second = make_registration(), make_registration(created_at=after(minutes=1))
    unit.registrations.add(first)
    unit.registrations.add(second)
    replaced = unit.registrations.find_by_link(first.link_digest)
    assert replaced
    assert replaced.state(after(minutes=1)) is LinkState.REPLACED
    assert not unit.registrations.consume(first.id, after(minutes=1))
    assert unit.registrations.consume(second.id, after(minutes=1))


def test_a_registration_that_expired_is_not_said_to_be_replaced(unit: SqlUnitOfWork) -> None:
    """Whoever holds its link learns what truly became of it."""
    first = make_registration(expires_at=after(minutes=1))
    unit.registrations.add(first)
    unit.registrations.add(make_registration(created_at=after(minutes=2)))
    found = unit.registrations.find_by_link(first.link_digest)
    assert found
    assert found.state(after(minutes=2)) is LinkState.EXPIRED


def test_the_latest_registration_of_a_browser_is_found(unit: SqlUnitOfWork) -> None:
    """Whatever its state."""
    earlier = make_registration(flow_digest="flow")
    latest = make_registration(flow_digest="flow", created_at=after(minutes=1))
    unit.registrations.add(latest)
    unit.registrations.add(earlier)
    found = unit.registrations.find_by_flow("flow")
    assert found
    assert found.id == latest.id


@pytest.mark.parametrize("late", [timedelta(), timedelta(hours=1)])
def test_an_expired_registration_is_not_used(unit: SqlUnitOfWork, late: timedelta) -> None:
    """Its last moment is the one before `expires_at`."""
    registration = make_registration()
    unit.registrations.add(registration)
    assert not unit.registrations.consume(registration.id, registration.expires_at + late)


def test_registrations_of_a_number_can_all_be_replaced(unit: SqlUnitOfWork) -> None:
    """An account that is reclaimed leaves no link behind."""
    registration = make_registration()
    unit.registrations.add(registration)
    unit.registrations.replace_all(FINESS, NOW)
    assert not unit.registrations.consume(registration.id, NOW)


def test_a_reset_is_found_by_its_link(unit: SqlUnitOfWork) -> None:
    """As it was added; a decoy has no `sub`."""
    reset, decoy = make_reset(), make_reset(sub=None)
    unit.resets.add(reset)
    unit.resets.add(decoy)
    assert unit.resets.find_by_link(reset.link_digest) == reset
    assert unit.resets.find_by_link(decoy.link_digest) == decoy


def test_a_code_is_tried_three_times(unit: SqlUnitOfWork) -> None:
    """The fourth try is not counted, and not allowed."""
    reset = make_reset()
    unit.resets.add(reset)
    tries = [unit.resets.reserve_code_attempt(reset.id, limit=3, now=NOW) for _ in range(4)]
    assert tries == [1, 2, 3, None]


def test_a_code_of_a_used_reset_is_not_tried(unit: SqlUnitOfWork) -> None:
    """Dead is dead."""
    reset = make_reset()
    unit.resets.add(reset)
    assert unit.resets.consume(reset.id, NOW)
    assert unit.resets.reserve_code_attempt(reset.id, limit=3, now=NOW) is None
    assert not unit.resets.record_code_proof(reset.id, "browser", NOW)


def test_the_browser_that_typed_the_code_is_remembered(unit: SqlUnitOfWork) -> None:
    """By the digest of the secret it was given."""
    reset = make_reset()
    unit.resets.add(reset)
    assert unit.resets.record_code_proof(reset.id, "browser", NOW)
    found = unit.resets.find_by_link(reset.link_digest)
    assert found
    assert found.proof_digest == "browser"


def test_resets_of_an_account_stay_good_until_one_is_used(unit: SqlUnitOfWork) -> None:
    """People open the first mail after asking twice."""
    first, second = make_reset(), make_reset()
    unit.resets.add(first)
    unit.resets.add(second)
    assert unit.resets.consume(first.id, NOW)
    unit.resets.replace_all(SUB, NOW)
    assert not unit.resets.consume(second.id, NOW)


def test_a_new_confirmation_replaces_the_earlier_one(unit: SqlUnitOfWork) -> None:
    """Only the latest address asked for can be confirmed; undo links stay."""
    undo = make_email_link(kind=EmailLinkKind.UNDO)
    first, second = make_email_link(), make_email_link(created_at=after(minutes=1))
    for link in (undo, first, second):
        unit.email_links.add(link)
    assert unit.email_links.find_usable(SUB, EmailLinkKind.CONFIRM, NOW) == [second]
    assert unit.email_links.find_usable(SUB, EmailLinkKind.UNDO, NOW) == [undo]
    assert unit.email_links.find_by_link(second.link_digest) == second


def test_of_chained_undos_the_earliest_comes_first(unit: SqlUnitOfWork) -> None:
    """It is the one that gives back the true owner's address."""
    later = make_email_link(kind=EmailLinkKind.UNDO, created_at=after(hours=1))
    earlier = make_email_link(kind=EmailLinkKind.UNDO)
    unit.email_links.add(later)
    unit.email_links.add(earlier)
    usable = unit.email_links.find_usable(SUB, EmailLinkKind.UNDO, NOW)
    assert [link.id for link in usable] == [earlier.id, later.id]


def test_a_link_of_a_change_is_used_once(unit: SqlUnitOfWork) -> None:
    """And not after it was replaced."""
    link, replaced = make_email_link(kind=EmailLinkKind.UNDO), make_email_link()
    unit.email_links.add(link)
    unit.email_links.add(replaced)
    unit.email_links.replace_all(SUB, EmailLinkKind.CONFIRM, NOW)
    assert unit.email_links.consume(link.id, NOW)
    assert not unit.email_links.consume(link.id, NOW)
    assert not unit.email_links.consume(replaced.id, NOW)
