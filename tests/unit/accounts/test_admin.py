"""What an administrator may do, each act in the trail: C45, C78, C87."""

from collections.abc import Callable

import pytest

from idp.accounts import admin
from idp.accounts.account import AccountState
from idp.accounts.activation import activate
from idp.accounts.errors import AccountChangedError, UnknownFinessError
from idp.accounts.links import LinkState
from idp.accounts.login import SignedIn
from idp.accounts.outcomes import Blocked, Failed, LinkDead
from idp.accounts.proof import Proved
from idp.accounts.reset_code import look_at_reset
from idp.accounts.reset_request import request_reset
from idp.accounts.sessions import find_session
from idp.accounts.visit import Visit
from tests.support.accounts_house import (
    DAY,
    EMAIL,
    FINESS,
    HOUR,
    UNKNOWN_FINESS,
    AccountsHouse,
)

ON_FILE = "cabinet@orange.example"


def sign_in(house: AccountsHouse) -> SignedIn:
    """Sign in, which must succeed."""
    outcome = house.sign_in()
    assert isinstance(outcome, SignedIn)
    return outcome


def test_unlock_zeroes_strangers_and_devices(house: AccountsHouse) -> None:
    """`accounts unlock`: strangers and every known device may try again."""
    house.add_account()
    known = house.make_known_browser()
    house.fail(3)
    house.fail(3, browser=known)
    admin.unlock_account(house.visit(), FINESS)
    assert isinstance(house.sign_in(), SignedIn)
    assert isinstance(house.sign_in(browser=known), SignedIn)
    assert house.events("account.unlocked") == 1


def test_number_without_account_is_unlocked_too(house: AccountsHouse) -> None:
    """Whoever tried to sign in before registering is blocked like anybody else."""
    for _ in range(3):
        house.sign_in("wrong", finess=UNKNOWN_FINESS)
    admin.unlock_account(house.visit(), UNKNOWN_FINESS)
    assert isinstance(house.sign_in("wrong", finess=UNKNOWN_FINESS), Failed)
    assert house.events("account.unlocked") == 1


def test_c78_unlock_all_since_lifts_a_mass_lock(house: AccountsHouse) -> None:
    """C78: every block that began after a moment is lifted, earlier ones stay."""
    house.fail(3, finess="330000019")
    house.now += HOUR
    since = house.now
    house.now += HOUR / 2
    for finess in (FINESS, UNKNOWN_FINESS):
        house.fail(3, finess=finess)
    assert admin.unlock_all_since(house.visit(), since) == 2
    assert house.fail(finess=FINESS) == Failed(2)
    assert isinstance(house.fail(finess="330000019"), Blocked)


def test_unlock_all_since_leaves_the_proofs(house: AccountsHouse) -> None:
    """Blocks of IBAN proofs are not lifted with those of logins."""
    for _ in range(3):
        house.prove("00000")
    assert admin.unlock_all_since(house.visit(), house.now - DAY) == 0
    assert isinstance(house.prove(), Blocked)


def test_practitioners_unlock_zeroes_the_failed_proofs(house: AccountsHouse) -> None:
    """`practitioners unlock` reopens registration, the nine of its life included."""
    for _ in range(9):
        outcome = house.prove("00000")
        house.now = outcome.until if isinstance(outcome, Blocked) else house.now
    admin.unlock_practitioner(house.visit(), FINESS)
    assert house.prove("00000") == Failed(2)
    assert isinstance(house.prove(), Proved)


def test_c45_disabling_ends_everything(house: AccountsHouse) -> None:
    """C45: sessions, grants, devices and links end with the disabling."""
    account = house.add_account()
    secret = sign_in(house).session_secret
    request_reset(house.visit(), finess=FINESS, email=EMAIL)
    admin.disable_account(house.visit(), FINESS, reason="fraud")
    assert find_session(house.visit(), secret) is None
    assert house.uow.grants.revoked == [account.sub]
    assert house.uow.known_devices.kept == {}
    token = house.last_mail("reset").token
    assert look_at_reset(house.visit(), token) == LinkDead(LinkState.REPLACED)
    assert house.account().disabled_reason == "fraud"


@pytest.mark.parametrize(
    "state, email", [(AccountState.ACTIVE, EMAIL), (AccountState.WITHOUT_EMAIL, None)]
)
def test_enabling_gives_the_account_back(
    house: AccountsHouse, state: AccountState, email: str | None
) -> None:
    """Disabled, even twice, and enabled: the account is what it was."""
    house.add_account(state=state, email=email)
    admin.disable_account(house.visit(), FINESS, reason="fraud")
    admin.disable_account(house.visit(), FINESS, reason="a second look")
    admin.enable_account(house.visit(), FINESS)
    assert (house.account().state, house.account().disabled_reason) == (state, None)
    sign_in(house)


def test_enabling_an_open_account_changes_nothing(house: AccountsHouse) -> None:
    """An account that is not suspended stays as it is."""
    account = house.add_account()
    admin.enable_account(house.visit(), FINESS)
    assert house.account() == account


def test_reclaim_closes_the_account_and_tells_both_addresses(house: AccountsHouse) -> None:
    """A squatted account is closed; its address and the directory's are told."""
    house.add_practitioner(email=ON_FILE)
    house.add_account()
    secret = sign_in(house).session_secret
    admin.reclaim_account(house.visit(), FINESS)
    assert house.uow.accounts.find_by_finess(FINESS) is None
    assert find_session(house.visit(), secret) is None
    assert {mail.to for mail in house.mails("account_reclaimed")} == {EMAIL, ON_FILE}


def test_reclaim_tells_one_address_once(house: AccountsHouse) -> None:
    """Where both are the same address it gets one mail."""
    house.add_practitioner(email=EMAIL)
    house.add_account()
    admin.reclaim_account(house.visit(), FINESS)
    assert len(house.mails("account_reclaimed")) == 1


def test_next_registration_after_a_reclaim_has_a_new_sub(house: AccountsHouse) -> None:
    """`sub` is never reused: relying parties see somebody else."""
    squatted = house.add_account()
    admin.reclaim_account(house.visit(), FINESS)
    house.register()
    activate(house.visit(), house.last_mail("activation").token)
    assert house.account().sub != squatted.sub


def test_reclaim_kills_a_waiting_registration(house: AccountsHouse) -> None:
    """A link that the squatter still holds is dead."""
    house.register()
    token = house.last_mail("activation").token
    house.add_account()
    admin.reclaim_account(house.visit(), FINESS)
    assert activate(house.visit(), token) == LinkDead(LinkState.REPLACED)


def test_set_email_gives_an_unverified_address(house: AccountsHouse) -> None:
    """`set-email`: the account can be reset by mail; the old address is told."""
    house.add_account(email_verified_at=house.now)
    admin.set_email(house.visit(), FINESS, ON_FILE)
    account = house.account()
    assert (account.email, account.email_verified_at) == (ON_FILE, None)
    assert house.last_mail("email_set_notice").to == EMAIL


def test_set_email_makes_an_account_without_one_active(house: AccountsHouse) -> None:
    """An account without e-mail that gets one is active."""
    house.add_account(state=AccountState.WITHOUT_EMAIL, email=None)
    admin.set_email(house.visit(), FINESS, ON_FILE)
    assert house.account().state is AccountState.ACTIVE


def test_set_email_kills_the_links_of_the_old_address(house: AccountsHouse) -> None:
    """C87: a reset mailed to the old address is dead."""
    house.add_account()
    request_reset(house.visit(), finess=FINESS, email=EMAIL)
    admin.set_email(house.visit(), FINESS, ON_FILE)
    token = house.last_mail("reset").token
    assert look_at_reset(house.visit(), token) == LinkDead(LinkState.REPLACED)


def test_sign_out_ends_sessions_and_leaves_the_account(house: AccountsHouse) -> None:
    """`sign-out`: every session ends, the account may sign in again."""
    account = house.add_account()
    secret = sign_in(house).session_secret
    assert admin.sign_out_account(house.visit(), FINESS) == 1
    assert find_session(house.visit(), secret) is None
    assert house.uow.grants.revoked == [account.sub]
    sign_in(house)


ACTS: dict[str, Callable[[Visit], object]] = {
    "account.unlocked": lambda visit: admin.unlock_account(visit, FINESS),
    "practitioner.unlocked": lambda visit: admin.unlock_practitioner(visit, FINESS),
    "accounts.unlocked": lambda visit: admin.unlock_all_since(visit, visit.now),
    "account.disabled": lambda visit: admin.disable_account(visit, FINESS, reason="fraud"),
    "account.enabled": lambda visit: admin.enable_account(visit, FINESS),
    "account.reclaimed": lambda visit: admin.reclaim_account(visit, FINESS),
    "email.set": lambda visit: admin.set_email(visit, FINESS, ON_FILE),
    "account.signed_out": lambda visit: admin.sign_out_account(visit, FINESS),
}


@pytest.mark.parametrize("event", ACTS)
def test_every_act_is_committed_with_its_event(house: AccountsHouse, event: str) -> None:
    """Each act writes what was done to the trail, in the same transaction."""
    house.add_account()
    ACTS[event](house.visit())
    assert house.events(event) == 1
    assert not house.uow.ledger.is_dirty


@pytest.mark.parametrize("event", sorted(ACTS.keys() - {"account.unlocked", "accounts.unlocked"}))
def test_unknown_number_is_an_error(house: AccountsHouse, event: str) -> None:
    """A number without account (or directory entry) is named as an error, and nothing is done."""
    house.uow.practitioners.kept.clear()
    with pytest.raises(UnknownFinessError, match=FINESS):
        ACTS[event](house.visit())
    assert house.uow.audit.events == []


def test_change_at_the_same_moment_is_an_error(house: AccountsHouse) -> None:
    """Two administrators at once: the second is told, nothing is overwritten."""
    account = house.add_account()
    house.uow.accounts.loses_races = True
    with pytest.raises(AccountChangedError):
        admin.disable_account(house.visit(), FINESS, reason="fraud")
    assert house.account() == account
