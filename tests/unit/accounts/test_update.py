"""Mettre à jour mon compte: accounts carried over from the old site, without an address."""

import pytest

from idp.accounts.account import AccountState
from idp.accounts.activation import Activated, activate
from idp.accounts.errors import AccountChangedError
from idp.accounts.links import RegistrationPurpose
from idp.accounts.login import SignedIn
from idp.accounts.outcomes import Failed
from idp.accounts.proof import AlreadyActive
from idp.accounts.registration import ActivationSent
from tests.support.accounts_house import EMAIL, PASSWORD, AccountsHouse

UPDATE = RegistrationPurpose.UPDATE
OLD_PASSWORD = "Ancien site, 1 clef"


@pytest.fixture
def carried_over(house: AccountsHouse) -> AccountsHouse:
    """A room whose practitioner has an account of the old site, without address."""
    house.add_account(state=AccountState.WITHOUT_EMAIL, email=None, password=OLD_PASSWORD)
    return house


def test_account_without_email_gets_address_and_password(carried_over: AccountsHouse) -> None:
    """Proof, address, password, then the link: the same account is active with the new ones."""
    sub = carried_over.account().sub
    assert isinstance(carried_over.register(door=UPDATE), ActivationSent)
    outcome = activate(carried_over.visit(), carried_over.last_mail("activation").token)
    assert isinstance(outcome, Activated)
    account = carried_over.account()
    assert (account.sub, account.state, account.email) == (sub, AccountState.ACTIVE, EMAIL)
    assert isinstance(carried_over.sign_in(PASSWORD), SignedIn)
    assert carried_over.sign_in(OLD_PASSWORD) == Failed(2)


def test_old_credentials_work_until_the_activation(carried_over: AccountsHouse) -> None:
    """Until the link is used nothing changes."""
    carried_over.register(door=UPDATE)
    assert isinstance(carried_over.sign_in(OLD_PASSWORD), SignedIn)


def test_activation_ends_sessions_grants_and_devices(carried_over: AccountsHouse) -> None:
    """What was open with the old credentials ends with them."""
    carried_over.sign_in(OLD_PASSWORD)
    carried_over.register(door=UPDATE)
    activate(carried_over.visit(), carried_over.last_mail("activation").token)
    sub = carried_over.account().sub
    assert carried_over.uow.sessions.find_all(sub, carried_over.now) == []
    assert carried_over.uow.grants.revoked == [sub]
    assert carried_over.uow.known_devices.kept == {}


def test_inscription_serves_an_account_without_email_too(carried_over: AccountsHouse) -> None:
    """Whichever door is taken, the account without address is updated: no dead end."""
    carried_over.register(door=RegistrationPurpose.REGISTRATION)
    activate(carried_over.visit(), carried_over.last_mail("activation").token)
    assert len(carried_over.uow.accounts.kept) == 1
    assert carried_over.account().state is AccountState.ACTIVE


def test_mettre_a_jour_serves_who_has_no_account(house: AccountsHouse) -> None:
    """Whoever has no account yet and takes this door gets one: no dead end."""
    house.register(door=UPDATE)
    outcome = activate(house.visit(), house.last_mail("activation").token)
    assert isinstance(outcome, Activated)
    assert house.account().state is AccountState.ACTIVE


def test_account_with_an_address_is_never_changed(house: AccountsHouse) -> None:
    """An account that has an address is never changed this way; its owner is warned."""
    account = house.add_account()
    assert house.prove(door=UPDATE) == AlreadyActive()
    assert house.account() == account
    assert house.last_mail("update_warning").to == EMAIL


def test_account_changed_at_the_same_moment_is_not_overwritten(carried_over: AccountsHouse) -> None:
    """Where the account changes while it is updated, nothing is written over it."""
    account = carried_over.account()
    carried_over.register(door=UPDATE)
    carried_over.uow.accounts.loses_races = True
    with pytest.raises(AccountChangedError):
        activate(carried_over.visit(), carried_over.last_mail("activation").token)
    assert carried_over.account() == account
