"""The IBAN proof of both doors: C59, C65, C67, and the sealed proof."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from idp.accounts.account import AccountState
from idp.accounts.iban import make_suffix_digest
from idp.accounts.links import RegistrationPurpose
from idp.accounts.login import SignedIn
from idp.accounts.outcomes import Blocked, Failed
from idp.accounts.policy import RegistrationEmail
from idp.accounts.proof import AlreadyActive, ByPhone, Proved
from idp.accounts.sealed_proof import consume_proof, open_proof
from tests.support.accounts_house import (
    DAY,
    FINESS,
    HOME,
    HOUR,
    MINUTE,
    SECOND,
    SUFFIX,
    UNKNOWN_FINESS,
    AccountsHouse,
)

INSCRIPTION = RegistrationPurpose.REGISTRATION
UPDATE = RegistrationPurpose.UPDATE


def proved(house: AccountsHouse, door: RegistrationPurpose = INSCRIPTION) -> str:
    """Give the right pair; return the sealed proof."""
    outcome = house.prove(door=door)
    assert isinstance(outcome, Proved)
    return outcome.sealed


def wrong(house: AccountsHouse, door: RegistrationPurpose = INSCRIPTION) -> object:
    """Give a wrong pair."""
    return house.prove("00000", door=door)


def test_right_pair_is_proved(house: AccountsHouse) -> None:
    """FINESS number and last five characters open step 2, which asks for an address."""
    outcome = house.prove()
    assert isinstance(outcome, Proved)
    assert outcome.asks_email


def test_c59_wrong_unknown_without_iban_and_closed_answer_alike(house: AccountsHouse) -> None:
    """C59: a wrong pair, an unknown number, no RIB on file, a closed practitioner: one answer."""
    house.add_practitioner("130000029", suffix=None)
    house.add_practitioner("330000019", closed_at=house.now)
    numbers = (FINESS, UNKNOWN_FINESS, "130000029", "330000019")
    outcomes, commits = [], []
    for finess in numbers:
        before = house.uow.ledger.commits
        outcomes.append(house.prove(SUFFIX if finess != FINESS else "00000", finess=finess))
        commits.append(house.uow.ledger.commits - before)
    assert outcomes == [Failed(2)] * 4
    assert commits == [2] * 4


def test_three_wrong_pairs_block_registration_for_two_hours(house: AccountsHouse) -> None:
    """Three wrong pairs block the number's registration for two hours, right pairs included."""
    assert [wrong(house), wrong(house), wrong(house)] == [
        Failed(2),
        Failed(1),
        Blocked(house.now + 2 * HOUR),
    ]
    assert house.prove() == Blocked(house.now + 2 * HOUR)
    house.now += 2 * HOUR
    assert isinstance(house.prove(), Proved)


def test_blocked_registration_never_blocks_login(house: AccountsHouse) -> None:
    """The counters of proofs and of logins are apart, both ways."""
    house.add_account()
    for _ in range(3):
        wrong(house)
    assert isinstance(house.sign_in(), SignedIn)
    house.fail(3)
    house.now += 2 * HOUR
    assert house.prove() == AlreadyActive()


def test_both_doors_charge_one_counter(house: AccountsHouse) -> None:
    """Inscription and Mettre à jour share the three tries."""
    wrong(house, INSCRIPTION)
    wrong(house, UPDATE)
    assert isinstance(wrong(house, INSCRIPTION), Blocked)
    assert isinstance(wrong(house, UPDATE), Blocked)


def test_after_nine_failures_one_try_a_day_is_left(house: AccountsHouse) -> None:
    """Nine failures since the last success leave one try a day: not none for ever."""
    for _ in range(9):
        outcome = wrong(house)
        if isinstance(outcome, Blocked):
            house.now = outcome.until
    assert isinstance(outcome, Blocked)
    for _ in range(5):
        assert wrong(house) == Blocked(house.now + DAY)
        house.now += DAY - SECOND
        assert isinstance(house.prove(), Blocked)
        house.now += SECOND
    assert isinstance(house.prove(), Proved)


def test_success_starts_the_nine_anew(house: AccountsHouse) -> None:
    """The cap counts failures since the last success."""
    for _ in range(8):
        outcome = wrong(house)
        house.now = outcome.until if isinstance(outcome, Blocked) else house.now
    house.prove()
    assert wrong(house) == Failed(2)


def test_c65_no_more_than_three_parallel_guesses_are_compared(house: AccountsHouse) -> None:
    """C65: of 40 parallel pairs three are let through; the others meet the block."""
    browsers = [replace(HOME, address=f"203.0.{third}.1") for third in range(40)]
    with ThreadPoolExecutor(40) as pool:
        outcomes = list(pool.map(lambda b: house.prove("00000", browser=b), browsers))
    assert house.uow.attempts.reserved == 3
    assert sum(isinstance(outcome, Failed) for outcome in outcomes) == 2


def test_active_account_is_told_after_the_proof(house: AccountsHouse) -> None:
    """Whoever proves the pair of an active account is told so, at either door."""
    house.add_account()
    assert house.prove(door=INSCRIPTION) == AlreadyActive()
    assert house.prove(door=UPDATE) == AlreadyActive()


def test_active_account_is_not_told_before_the_proof(house: AccountsHouse) -> None:
    """A wrong pair answers the same whether or not the number has an account."""
    house.add_account()
    assert wrong(house) == Failed(2)
    assert house.uow.outbox.queued == []


@pytest.mark.parametrize(
    "door, template", [(INSCRIPTION, "already_has_account"), (UPDATE, "update_warning")]
)
def test_owner_is_told_once_a_day(
    house: AccountsHouse, door: RegistrationPurpose, template: str
) -> None:
    """The owner of an active account is told by mail that somebody proved the pair, once a day."""
    house.add_account()
    house.prove(door=door)
    house.prove(door=door)
    assert len(house.mails(template)) == 1
    house.now += DAY
    house.prove(door=door)
    assert len(house.mails(template)) == 2


def test_suspended_account_is_sent_to_the_phone(house: AccountsHouse) -> None:
    """Only the phone helps whoever proves the pair of a disabled or frozen account."""
    house.add_account(state=AccountState.DISABLED)
    assert house.prove() == ByPhone()


def test_on_file_without_address_is_sent_to_the_phone() -> None:
    """Where mails go to the directory's address alone and it has none, the phone; at both doors."""
    house = AccountsHouse(registration_email=RegistrationEmail.ON_FILE)
    assert house.prove(door=INSCRIPTION) == ByPhone()
    assert house.prove(door=UPDATE) == ByPhone()


def test_on_file_asks_for_no_address() -> None:
    """Where mails go to the directory's address alone, step 2 asks for none."""
    house = AccountsHouse(registration_email=RegistrationEmail.ON_FILE)
    house.add_practitioner(email="cabinet@orange.example")
    outcome = house.prove()
    assert isinstance(outcome, Proved)
    assert not outcome.asks_email


def test_proof_is_good_for_a_quarter_of_an_hour(house: AccountsHouse) -> None:
    """A proof opens until 15 minutes are over."""
    sealed = proved(house)
    house.now += 15 * MINUTE - SECOND
    assert open_proof(house.visit(), INSCRIPTION, sealed)
    house.now += SECOND
    assert open_proof(house.visit(), INSCRIPTION, sealed) is None


def test_proof_is_bound_to_door_and_browser(house: AccountsHouse) -> None:
    """A proof of one door or one browser is worth nothing at another."""
    sealed = proved(house)
    assert open_proof(house.visit(), UPDATE, sealed) is None
    other = replace(HOME, flow="another browser")
    assert open_proof(house.visit(other), INSCRIPTION, sealed) is None


def test_proof_is_bound_to_the_iban_on_file(house: AccountsHouse) -> None:
    """A proof of an IBAN that was replaced since is worth nothing."""
    sealed = proved(house)
    kept = make_suffix_digest(house.iban_keys, FINESS, "54321")
    house.uow.practitioners.kept[FINESS] = replace(
        house.uow.practitioners.kept[FINESS], iban_digest=kept.digest
    )
    assert open_proof(house.visit(), INSCRIPTION, sealed) is None


@pytest.mark.parametrize("sealed", ["", "x", "é", "A" * 400])
def test_made_up_proof_does_not_open(house: AccountsHouse, sealed: str) -> None:
    """What we did not seal is no proof."""
    assert open_proof(house.visit(), INSCRIPTION, sealed) is None


def test_proof_is_consumed_once(house: AccountsHouse) -> None:
    """A proof is used once."""
    proof = open_proof(house.visit(), INSCRIPTION, proved(house))
    assert proof
    assert [consume_proof(house.visit(), proof) for _ in range(2)] == [True, False]


def test_sealed_proof_shows_nothing(house: AccountsHouse) -> None:
    """What travels through the browser is encrypted."""
    sealed = proved(house)
    assert FINESS not in sealed
    assert FINESS not in repr(house.prove())
