"""Mot de passe oublié, step 1: C60, C64, C88."""

import pytest

from idp.accounts.account import AccountState
from idp.accounts.reset_request import request_reset
from idp.secret_values import digest
from tests.support.accounts_house import (
    DAY,
    EMAIL,
    FINESS,
    HOUR,
    ISSUER,
    UNKNOWN_FINESS,
    AccountsHouse,
)


def ask(house: AccountsHouse, *, finess: str = FINESS, email: str = EMAIL) -> None:
    """Ask for a new password."""
    request_reset(house.visit(), finess=finess, email=email)


def test_matching_active_account_gets_link_and_code(house: AccountsHouse) -> None:
    """The mail holds the link, good for 24 hours, and a six-digit code."""
    house.add_account()
    ask(house)
    mail = house.last_mail("reset")
    assert (mail.to, mail.expires_at) == (EMAIL, house.now + DAY)
    assert mail.secrets["link"].startswith(f"{ISSUER}/reinitialisation?token=")
    assert len(mail.secrets["code"]) == 6
    assert mail.secrets["code"].isdecimal()


def test_address_is_compared_case_folded_and_mailed_as_stored(house: AccountsHouse) -> None:
    """Another case matches; the mail goes to the address on file."""
    house.add_account()
    ask(house, email=EMAIL.upper())
    assert house.last_mail("reset").to == EMAIL


@pytest.mark.parametrize(
    "finess, email, state",
    [
        (UNKNOWN_FINESS, EMAIL, AccountState.ACTIVE),
        (FINESS, "autre@orange.example", AccountState.ACTIVE),
        (FINESS, EMAIL, AccountState.DISABLED),
        (FINESS, EMAIL, AccountState.CLOSED),
    ],
)
def test_c60_no_match_sends_nothing_and_writes_as_much(
    house: AccountsHouse, finess: str, email: str, state: AccountState
) -> None:
    """C60: one mail for a match, none otherwise, and the same rows and commits for both."""
    house.add_account(state=state)
    house.add_account("330000019")
    work = []
    for number, address in ((finess, email), ("330000019", EMAIL)):
        before = (house.uow.ledger.commits, len(house.uow.outbox.queued))
        ask(house, finess=number, email=address)
        after = (house.uow.ledger.commits, len(house.uow.outbox.queued))
        work.append((after[0] - before[0], after[1] - before[1], len(house.uow.resets.kept)))
    assert work == [(1, 1, 1), (1, 1, 2)]
    assert [mail.parameters for mail in house.mails("reset")] == [{}]
    assert len(house.mails("reset")) == 1


def test_account_without_email_gets_nothing(house: AccountsHouse) -> None:
    """An account without address is sent to Mettre à jour by the page, by no mail."""
    house.add_account(state=AccountState.WITHOUT_EMAIL, email=None)
    ask(house)
    assert house.mails("reset") == []


def test_c64_three_mails_an_hour(house: AccountsHouse) -> None:
    """C64: at most three reset mails an hour per account; past that nothing is sent."""
    house.add_account()
    for _ in range(5):
        ask(house)
    assert len(house.mails("reset")) == 3
    house.now += HOUR
    ask(house)
    assert len(house.mails("reset")) == 4


def test_requests_with_a_wrong_address_do_not_use_up_the_mails(house: AccountsHouse) -> None:
    """A stranger who knows the number alone cannot keep its owner from a reset."""
    house.add_account()
    for _ in range(5):
        ask(house, email="autre@orange.example")
    ask(house)
    assert len(house.mails("reset")) == 1


def test_c88_every_link_stays_good_until_one_is_used(house: AccountsHouse) -> None:
    """C88: a second request leaves the first link good."""
    house.add_account()
    ask(house)
    ask(house)
    assert [r.replaced_at for r in house.uow.resets.kept.values()] == [None, None]


def test_c92_link_and_code_rest_as_digests(house: AccountsHouse) -> None:
    """C92: the link as a digest, the code under a key, and neither in a repr."""
    house.add_account()
    ask(house)
    mail = house.last_mail("reset")
    (reset,) = house.uow.resets.kept.values()
    assert reset.link_digest == digest(mail.token)
    assert digest(mail.secrets["code"]) != reset.code_digest
    assert mail.secrets["code"] not in repr(reset)
