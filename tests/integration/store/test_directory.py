"""Practitioners, accounts and what they are seen as."""

from dataclasses import replace

import pytest

from idp.accounts.account import AccountState
from idp.store.unit_of_work import SqlUnitOfWork
from tests.integration.store.samples import (
    FINESS,
    NOW,
    SUB,
    after,
    make_account,
    make_grant,
    make_practitioner,
)


def test_a_practitioner_comes_back_as_it_was_saved(unit: SqlUnitOfWork) -> None:
    """Every field, dates to the microsecond."""
    saved = make_practitioner(email="lilas@example.org", iban_digest="d", updated_at=NOW)
    unit.practitioners.save(saved)
    unit.commit()
    assert unit.practitioners.find(FINESS) == saved


def test_saving_a_practitioner_again_replaces_it(unit: SqlUnitOfWork) -> None:
    """A field that is None is emptied."""
    unit.practitioners.save(make_practitioner(email="lilas@example.org"))
    unit.practitioners.save(make_practitioner(closed_at=NOW))
    assert unit.practitioners.find(FINESS) == make_practitioner(closed_at=NOW)


def test_an_unknown_practitioner_is_none(unit: SqlUnitOfWork) -> None:
    """A number nobody has finds nothing."""
    assert unit.practitioners.find("999999999") is None


def test_an_account_comes_back_as_it_was_added(unit: SqlUnitOfWork) -> None:
    """By `sub` and by number."""
    assert unit.accounts.add(make_account())
    assert unit.accounts.find(SUB) == unit.accounts.find_by_finess(FINESS) == make_account()


def test_a_number_has_one_account_that_is_not_closed(unit: SqlUnitOfWork) -> None:
    """A second one is refused until the first is closed."""
    unit.accounts.add(make_account())
    second = make_account(sub="another")
    assert not unit.accounts.add(second)
    unit.accounts.save(make_account(state=AccountState.CLOSED))
    assert unit.accounts.add(second)
    assert unit.accounts.find_by_finess(FINESS) == second


def test_saving_an_account_raises_its_version(unit: SqlUnitOfWork) -> None:
    """What comes back is what was saved, one version later."""
    unit.accounts.add(make_account())
    changed = make_account(email="pharmacie@example.org", disabled_reason="asked for")
    assert unit.accounts.save(changed)
    assert unit.accounts.find(SUB) == replace(changed, version=1)


def test_a_stale_account_is_not_saved(unit: SqlUnitOfWork) -> None:
    """Nobody writes over a change they have not seen."""
    unit.accounts.add(make_account())
    unit.accounts.save(make_account(email="first@example.org"))
    assert not unit.accounts.save(make_account(email="second@example.org"))
    account = unit.accounts.find(SUB)
    assert account
    assert account.email == "first@example.org"


@pytest.mark.parametrize("state", [AccountState.DISABLED, AccountState.CLOSED])
def test_only_who_may_sign_in_is_recorded_as_signed_in(
    unit: SqlUnitOfWork, state: AccountState
) -> None:
    """A disabling that came first wins over a login that was under way."""
    unit.accounts.add(make_account(state=state))
    assert not unit.accounts.record_sign_in(
        SUB, password_hash="$argon2id$sample", now=NOW, is_reminded=False
    )


def test_a_sign_in_with_a_replaced_password_is_not_recorded(unit: SqlUnitOfWork) -> None:
    """A reset that came first wins over a login that was under way."""
    unit.accounts.add(make_account())
    assert not unit.accounts.record_sign_in(
        SUB, password_hash="$argon2id$old", now=NOW, is_reminded=False
    )


@pytest.mark.parametrize("is_reminded", [True, False])
def test_a_sign_in_is_dated_and_raises_no_version(
    unit: SqlUnitOfWork, *, is_reminded: bool
) -> None:
    """The reminder to change the password is dated only where it was shown."""
    unit.accounts.add(make_account())
    assert unit.accounts.record_sign_in(
        SUB, password_hash="$argon2id$sample", now=after(hours=1), is_reminded=is_reminded
    )
    assert unit.accounts.find(SUB) == make_account(
        last_signed_in_at=after(hours=1),
        password_reminded_at=after(hours=1) if is_reminded else None,
    )


def test_a_hash_is_raised_only_from_the_one_that_was_verified(unit: SqlUnitOfWork) -> None:
    """A password changed meanwhile keeps its own hash."""
    unit.accounts.add(make_account())
    assert not unit.accounts.raise_hash(SUB, old_hash="$argon2id$old", new_hash="$argon2id$new")
    assert unit.accounts.raise_hash(SUB, old_hash="$argon2id$sample", new_hash="$argon2id$new")
    assert unit.accounts.find(SUB) == make_account(password_hash="$argon2id$new")


def test_a_subject_is_account_and_directory_entry(unit: SqlUnitOfWork) -> None:
    """What claims need comes from both, with whether the address was confirmed."""
    unit.practitioners.save(make_practitioner(locality="Paris", email="on-file@example.org"))
    unit.accounts.add(make_account())
    subject = unit.subjects.find(SUB)
    assert subject
    assert (subject.sub, subject.finess, subject.locality) == (SUB, FINESS, "Paris")
    assert (subject.email, subject.is_email_verified) == ("lilas@example.org", True)
    assert subject.may_sign_in


def test_a_disabled_subject_may_not_sign_in(unit: SqlUnitOfWork) -> None:
    """Its unconfirmed address is said to be unconfirmed, and it needs no directory entry."""
    unit.accounts.add(make_account(state=AccountState.DISABLED, email_verified_at=None))
    subject = unit.subjects.find(SUB)
    assert subject
    assert not subject.may_sign_in
    assert not subject.is_email_verified
    assert subject.name is None


def test_a_grant_and_its_subject_come_together(unit: SqlUnitOfWork) -> None:
    """Each as it would come alone."""
    unit.practitioners.save(make_practitioner())
    unit.accounts.add(make_account())
    grant = make_grant()
    unit.grants.add(grant)
    assert unit.subjects.find_with_grant(grant.id) == (grant, unit.subjects.find(SUB))
    assert unit.subjects.find_with_grant("unknown") is None
