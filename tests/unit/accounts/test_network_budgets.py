"""Budgets of failures: a network's refuses, everybody's only alarms. C67, C71, C78."""

from dataclasses import replace

from idp.accounts.attempts import Budget
from idp.accounts.login import SignedIn
from idp.accounts.outcomes import Failed, NetworkRefused
from idp.accounts.proof import Proved
from tests.support.accounts_house import DAY, HOME, HOUR, AccountsHouse, Browser

ELSEWHERE = replace(HOME, address="203.0.113.9")


def spray(house: AccountsHouse, count: int, browser: Browser = HOME) -> None:
    """Fail once at each of so many numbers, none of them tried before."""
    for _ in range(count):
        house.fail(finess=f"{house.uow.attempts.reserved:09d}", browser=browser)


def guess(house: AccountsHouse, count: int, browser: Browser = HOME) -> None:
    """Give one wrong pair for each of so many numbers, none of them tried before."""
    for _ in range(count):
        house.prove("00000", finess=f"{house.uow.attempts.reserved:09d}", browser=browser)


def test_c71_a_network_may_fail_100_logins_an_hour(house: AccountsHouse) -> None:
    """C71: after 100 failures over all numbers, the network is refused; nobody is locked."""
    house.add_account()
    spray(house, 99)
    assert house.fail() == Failed(2)
    assert house.sign_in() == NetworkRefused(HOUR)


def test_c71_neighbours_share_the_budget(house: AccountsHouse) -> None:
    """C71: another address of the same /24 is refused too, another network is not."""
    house.add_account()
    spray(house, 100)
    assert house.sign_in(browser=replace(HOME, address="192.0.2.200")) == NetworkRefused(HOUR)
    assert isinstance(house.sign_in(browser=ELSEWHERE), SignedIn)


def test_budget_is_renewed_after_its_hour(house: AccountsHouse) -> None:
    """An hour after its first failure the network may try again."""
    house.add_account()
    spray(house, 100)
    house.now += HOUR
    assert isinstance(house.sign_in(), SignedIn)


def test_refused_network_reserves_and_hashes_nothing(house: AccountsHouse) -> None:
    """A refusal costs neither a try nor a hash."""
    house.add_account()
    spray(house, 100)
    reserved, house.hasher.count = house.uow.attempts.reserved, 0
    house.sign_in()
    assert (house.uow.attempts.reserved, house.hasher.count) == (reserved, 0)


def test_known_device_is_not_refused_for_its_network(house: AccountsHouse) -> None:
    """Behind a mobile operator's address, a known browser still has its own three tries."""
    house.add_account()
    known = house.make_known_browser()
    spray(house, 100)
    assert isinstance(house.sign_in(browser=known), SignedIn)


def test_a_48_has_ten_times_the_budget_of_a_64(house: AccountsHouse) -> None:
    """An attacker with a whole /48 is stopped after ten /64s' worth of failures."""
    house.add_account()
    for subnet in range(10):
        spray(house, 100, replace(HOME, address=f"2001:db8:0:{subnet:x}::1"))
    fresh = replace(HOME, address="2001:db8:0:ff::1")
    assert house.sign_in(browser=fresh) == NetworkRefused(HOUR)


def test_c78_spent_budget_is_recorded_and_alarmed_once(house: AccountsHouse) -> None:
    """C78: the failure that spends a budget is an event and an alarm; the next ones are neither."""
    spray(house, 120)
    assert (house.events("network.refused"), house.events("alarm.raised")) == (1, 1)
    assert len(house.mails("alarm")) == 1


def test_alarm_mails_are_one_an_hour(house: AccountsHouse) -> None:
    """Many networks spending their budgets are many events, and one mail an hour."""
    for third in range(5):
        spray(house, 100, replace(HOME, address=f"198.51.{third}.1"))
    assert (house.events("alarm.raised"), len(house.mails("alarm"))) == (5, 1)


def test_c71_failures_from_everywhere_alarm_and_refuse_nobody() -> None:
    """C71: over all networks together a threshold raises the alarm, and logins keep working."""
    house = AccountsHouse(login_alarm=Budget(limit=50, window=HOUR))
    house.add_account()
    for third in range(60):
        spray(house, 1, replace(HOME, address=f"198.51.{third}.1"))
    assert house.events("alarm.raised") == 1
    assert isinstance(house.sign_in(), SignedIn)


def test_c67_a_network_may_fail_20_proofs_an_hour(house: AccountsHouse) -> None:
    """C67: a network that tries many numbers is refused after 20 failed proofs an hour."""
    guess(house, 20)
    assert house.prove() == NetworkRefused(HOUR)
    assert isinstance(house.prove(browser=ELSEWHERE), Proved)


def test_c67_a_network_may_fail_60_proofs_a_day(house: AccountsHouse) -> None:
    """C67: 20 an hour, but 60 a day."""
    for _ in range(3):
        guess(house, 20)
        house.now += 2 * HOUR
    assert house.prove() == NetworkRefused(DAY)


def test_c67_logins_keep_working_where_proofs_are_refused(house: AccountsHouse) -> None:
    """C67: the budgets of proofs and of logins are apart."""
    house.add_account()
    guess(house, 25)
    assert isinstance(house.sign_in(), SignedIn)


def test_c67_failed_proofs_from_everywhere_raise_the_alarm(house: AccountsHouse) -> None:
    """C67: 200 failed proofs an hour over all networks alarm, and right pairs still prove."""
    for third in range(10):
        guess(house, 20, replace(HOME, address=f"198.51.{third}.1"))
        house.now += 2 * HOUR
    assert [event.reason for event in house.uow.audit.events if event.reason == "proofs"] == []
    for third in range(10):
        guess(house, 20, replace(HOME, address=f"198.51.{100 + third}.1"))
    reasons = [event.reason for event in house.uow.audit.events if event.name == "alarm.raised"]
    assert reasons.count("proofs") == 1
    assert isinstance(house.prove(), Proved)
