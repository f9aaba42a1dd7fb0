"""Réinitialisation, step 2: C61, C64, C65, C66, C89."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from idp.accounts.links import LinkState
from idp.accounts.outcomes import LinkDead
from idp.accounts.reset_code import (
    CodeNeeded,
    CodeRefused,
    CodesExhausted,
    PasswordNeeded,
    look_at_reset,
    try_code,
)
from idp.accounts.reset_request import request_reset
from tests.support.accounts_house import (
    DAY,
    EMAIL,
    FINESS,
    HOME,
    SECOND,
    UNKNOWN_FINESS,
    AccountsHouse,
    Browser,
)
from tests.support.fake_store import FakeMail

PHONE = replace(HOME, flow="a phone")


@pytest.fixture
def mail(house: AccountsHouse) -> FakeMail:
    """The mail of a reset that was asked for."""
    house.add_account()
    request_reset(house.visit(), finess=FINESS, email=EMAIL)
    return house.last_mail("reset")


def wrong_code(mail: FakeMail) -> str:
    """Return a code that is not the one mailed."""
    return f"{(int(mail.secrets['code']) + 1) % 1_000_000:06d}"


def give(
    house: AccountsHouse, mail: FakeMail, code: str, *, browser: Browser = HOME
) -> PasswordNeeded | CodeRefused | CodesExhausted | LinkDead:
    """Type a code under a link."""
    return try_code(house.visit(browser), mail.token, finess=FINESS, code=code)


def test_right_code_opens_the_next_step(house: AccountsHouse, mail: FakeMail) -> None:
    """FINESS number and code lead to the new password, in the browser that typed them."""
    assert look_at_reset(house.visit(), mail.token) == CodeNeeded(3)
    assert give(house, mail, mail.secrets["code"]) == PasswordNeeded()
    assert look_at_reset(house.visit(), mail.token) == PasswordNeeded()


def test_code_proof_is_one_browser_s(house: AccountsHouse, mail: FakeMail) -> None:
    """Another browser with the same link still has to give the code."""
    give(house, mail, mail.secrets["code"])
    assert look_at_reset(house.visit(PHONE), mail.token) == CodeNeeded(2)
    assert look_at_reset(house.visit(replace(HOME, flow="")), mail.token) == CodeNeeded(2)


def test_another_device_may_give_the_code(house: AccountsHouse, mail: FakeMail) -> None:
    """The link works on another device than the one that asked."""
    assert give(house, mail, mail.secrets["code"], browser=PHONE) == PasswordNeeded()


def test_code_is_read_with_spaces(house: AccountsHouse, mail: FakeMail) -> None:
    """A code pasted in two groups is the same."""
    code = mail.secrets["code"]
    assert give(house, mail, f" {code[:3]} {code[3:]} ") == PasswordNeeded()


def test_c64_three_wrong_codes_kill_the_request(house: AccountsHouse, mail: FakeMail) -> None:
    """C64: after the third wrong code even the right one is refused."""
    outcomes = [give(house, mail, wrong_code(mail)) for _ in range(3)]
    assert outcomes == [CodeRefused(2), CodeRefused(1), CodesExhausted()]
    assert give(house, mail, mail.secrets["code"]) == CodesExhausted()
    assert look_at_reset(house.visit(), mail.token) == CodesExhausted()


def test_third_try_may_be_the_right_one(house: AccountsHouse, mail: FakeMail) -> None:
    """Two wrong codes and the right one lead on."""
    give(house, mail, wrong_code(mail))
    give(house, mail, wrong_code(mail))
    assert give(house, mail, mail.secrets["code"]) == PasswordNeeded()
    assert look_at_reset(house.visit(), mail.token) == PasswordNeeded()


def test_c64_code_of_one_request_never_serves_another(house: AccountsHouse, mail: FakeMail) -> None:
    """C64: the code of the second mail is wrong under the first link."""
    request_reset(house.visit(), finess=FINESS, email=EMAIL)
    second = house.last_mail("reset")
    if second.secrets["code"] != mail.secrets["code"]:
        assert give(house, mail, second.secrets["code"]) == CodeRefused(2)
    first, other = house.uow.resets.kept.values()
    assert first.code_digest != other.code_digest


def test_c65_no_more_than_three_parallel_codes_are_compared(
    house: AccountsHouse, mail: FakeMail
) -> None:
    """C65: of 40 parallel guesses three are compared; the right one, if not among them, fails."""
    with ThreadPoolExecutor(40) as pool:
        outcomes = list(pool.map(lambda _: give(house, mail, wrong_code(mail)), range(40)))
    assert sum(isinstance(outcome, CodeRefused) for outcome in outcomes) == 2
    assert house.events("reset.code_failed") == 3
    assert give(house, mail, mail.secrets["code"]) == CodesExhausted()


def test_c66_code_without_its_link_is_refused(house: AccountsHouse, mail: FakeMail) -> None:
    """C66: number and code alone open nothing."""
    outcome = try_code(house.visit(), "", finess=FINESS, code=mail.secrets["code"])
    assert outcome == LinkDead(None)


def test_c92_link_with_another_s_number_is_refused(house: AccountsHouse, mail: FakeMail) -> None:
    """C92: the token of one account with another's FINESS number counts as a wrong code."""
    outcome = try_code(house.visit(), mail.token, finess=UNKNOWN_FINESS, code=mail.secrets["code"])
    assert outcome == CodeRefused(2)


def test_c85_looking_changes_nothing(house: AccountsHouse, mail: FakeMail) -> None:
    """C85: scanners that open the link ten times use up nothing."""
    steps = {look_at_reset(house.visit(PHONE), mail.token) for _ in range(10)}
    assert steps == {CodeNeeded(3)}


def test_c89_link_is_good_for_24_hours(house: AccountsHouse, mail: FakeMail) -> None:
    """C89: at 23:59:59 the code is taken, at 24:00:00 the link is expired."""
    house.now += DAY - SECOND
    assert look_at_reset(house.visit(), mail.token) == CodeNeeded(3)
    house.now += SECOND
    assert give(house, mail, mail.secrets["code"]) == LinkDead(LinkState.EXPIRED)
    assert look_at_reset(house.visit(), mail.token) == LinkDead(LinkState.EXPIRED)


def test_c61_activation_link_is_no_reset_link(house: AccountsHouse) -> None:
    """C61: a link of another purpose is just not valid."""
    house.register()
    token = house.last_mail("activation").token
    assert look_at_reset(house.visit(), token) == LinkDead(None)


def test_link_used_while_the_code_was_compared_is_dead(
    house: AccountsHouse, mail: FakeMail
) -> None:
    """Where another link of the account is used at that moment, the right code leads nowhere."""
    house.uow.resets.loses_races = True
    assert isinstance(give(house, mail, mail.secrets["code"]), LinkDead)
