"""Known devices, after OWASP's device cookie protocol: C76, C77 and the bent rules."""

from dataclasses import replace

from idp.accounts.credentials import NewPassword
from idp.accounts.login import SignedIn
from idp.accounts.outcomes import Blocked, Failed
from idp.accounts.reset import PasswordReset, set_new_password
from idp.accounts.reset_code import try_code
from idp.accounts.reset_request import request_reset
from idp.secret_values import digest, random_token
from tests.support.accounts_house import (
    DAY,
    EMAIL,
    FINESS,
    HOME,
    HOUR,
    NEW_PASSWORD,
    UNKNOWN_FINESS,
    AccountsHouse,
    Browser,
)

STRANGER = Browser(flow="a stranger's browser", address="198.51.100.7")


def test_c76_strangers_failures_leave_the_known_browser(house: AccountsHouse) -> None:
    """C76: a stranger blocks the number for strangers; the owner's browser signs in."""
    house.add_account()
    known = house.make_known_browser()
    assert isinstance(house.fail(3, browser=STRANGER), Blocked)
    assert isinstance(house.sign_in(browser=STRANGER), Blocked)
    assert isinstance(house.sign_in(browser=known), SignedIn)


def test_success_of_the_known_browser_leaves_the_strangers_block(house: AccountsHouse) -> None:
    """A success zeroes only the counter it was charged to."""
    house.add_account()
    known = house.make_known_browser()
    house.fail(3, browser=STRANGER)
    house.sign_in(browser=known)
    assert isinstance(house.sign_in(browser=STRANGER), Blocked)


def test_known_browser_s_failures_block_it_and_strangers(house: AccountsHouse) -> None:
    """That browser's own three failures block it and strangers alike, for two hours."""
    house.add_account()
    known = house.make_known_browser()
    blocked = house.fail(3, browser=known)
    assert blocked == Blocked(house.now + 2 * HOUR)
    assert house.sign_in(browser=known) == blocked
    assert house.sign_in(browser=STRANGER) == blocked
    house.now += 2 * HOUR
    assert isinstance(house.sign_in(browser=STRANGER), SignedIn)


def test_known_browser_s_failures_leave_other_known_browsers(house: AccountsHouse) -> None:
    """The counter of a known device is its own."""
    house.add_account()
    desk, phone = house.make_known_browser(), house.make_known_browser()
    house.fail(3, browser=desk)
    assert isinstance(house.sign_in(browser=phone), SignedIn)


def test_counters_of_device_and_strangers_are_apart(house: AccountsHouse) -> None:
    """Two failures of each block neither."""
    house.add_account()
    known = house.make_known_browser()
    assert house.fail(2, browser=known) == house.fail(2, browser=STRANGER) == Failed(1)


def test_device_s_block_never_shortens_the_strangers(house: AccountsHouse) -> None:
    """Where strangers are blocked for a day, a device's two hours leave that day."""
    house.add_account()
    known = house.make_known_browser()
    while not isinstance(outcome := house.fail(browser=STRANGER), Blocked) or (
        outcome.until - house.now == 2 * HOUR
    ):
        if isinstance(outcome, Blocked):
            house.now = outcome.until
    house.fail(3, browser=known)
    assert house.sign_in(browser=STRANGER) == outcome


def test_known_devices_are_not_blocked_for_longer(house: AccountsHouse) -> None:
    """Past 50 failures strangers are blocked for a day; a known device's blocks stay two hours."""
    house.add_account()
    known = house.make_known_browser()
    for _ in range(60):
        if isinstance(outcome := house.fail(browser=known), Blocked):
            assert outcome.until - house.now == 2 * HOUR
            house.now = outcome.until


def test_device_cookie_is_opaque_and_rests_as_a_digest(house: AccountsHouse) -> None:
    """The cookie names no FINESS number, and the database holds only its digest."""
    house.add_account()
    known = house.make_known_browser()
    assert FINESS not in known.device
    assert {device for device, _ in house.uow.known_devices.kept} == {digest(known.device)}


def test_one_cookie_serves_several_accounts(house: AccountsHouse) -> None:
    """One cookie, several accounts: it is kept, not replaced, at the next login."""
    house.add_account()
    house.add_account(UNKNOWN_FINESS)
    known = house.make_known_browser()
    outcome = house.sign_in(finess=UNKNOWN_FINESS, browser=known)
    assert isinstance(outcome, SignedIn)
    assert outcome.device_secret == known.device


def test_cookie_of_another_account_is_a_stranger(house: AccountsHouse) -> None:
    """A browser known to one account is a stranger to another."""
    house.add_account()
    house.add_account(UNKNOWN_FINESS)
    known = house.make_known_browser()
    house.fail(3, finess=UNKNOWN_FINESS, browser=STRANGER)
    assert isinstance(house.sign_in(finess=UNKNOWN_FINESS, browser=known), Blocked)


def test_made_up_cookie_is_a_stranger(house: AccountsHouse) -> None:
    """A cookie that we never gave changes nothing."""
    house.add_account()
    house.fail(3, browser=STRANGER)
    for device in (random_token(), "x", "é" * 43):
        assert isinstance(house.sign_in(browser=replace(HOME, device=device)), Blocked)


def test_device_is_known_for_a_year(house: AccountsHouse) -> None:
    """After 365 days without a login the browser is a stranger again."""
    house.add_account()
    known = house.make_known_browser()
    house.now += 365 * DAY
    house.fail(3, browser=STRANGER)
    assert isinstance(house.sign_in(browser=known), Blocked)


def test_setting_turns_known_devices_off() -> None:
    """Where the setting is off, no cookie is given and none is read."""
    house = AccountsHouse(has_known_devices=False)
    house.add_account()
    outcome = house.sign_in()
    assert isinstance(outcome, SignedIn)
    assert outcome.device_secret is None
    assert house.uow.known_devices.kept == {}


def test_c77_reset_makes_a_new_browser_known_during_the_attack(house: AccountsHouse) -> None:
    """C77: the owner on a new browser resets by mail, and the attack no longer bars them."""
    house.add_account()
    house.fail(3, browser=STRANGER)
    request_reset(house.visit(), finess=FINESS, email=EMAIL)
    mail = house.last_mail("reset")
    try_code(house.visit(), mail.token, finess=FINESS, code=mail.secrets["code"])
    done = set_new_password(house.visit(), mail.token, NewPassword(NEW_PASSWORD, NEW_PASSWORD))
    assert isinstance(done, PasswordReset)
    assert done.device_secret
    house.fail(3, browser=STRANGER)
    known = replace(HOME, device=done.device_secret)
    assert isinstance(house.sign_in(NEW_PASSWORD, browser=known), SignedIn)
