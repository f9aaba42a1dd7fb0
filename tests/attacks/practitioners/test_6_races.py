"""Attack cases C65, C67 and C69: guesses at the same moment. At most three are ever looked at.

An attempt is counted, and the count is durable, before anything is compared. How many passwords
reached the hash is read from the provider's own metric of hashes.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from tests.attacks.conftest import StartProvider
from tests.attacks.people import WRONG, add_accounts, ask_reset, count_hashes, list_events
from tests.support.crowd import do_at_once
from tests.support.provider import EMAIL, FINESS, PASSWORD, SUFFIX, Provider
from tests.support.signing import HOUR
from tests.support.visitor import Visitor

ROUNDS = 20
CROWD = 20
LIMIT = 3
NO_BUDGET = 1_000_000

Guess = Callable[[str], int]
"""Sends one guess and returns the status of the answer."""


@pytest.fixture
def crowded(start_provider: StartProvider, database_url: str) -> Provider:
    """A provider that lets a whole crowd in at once: nothing but the counters holds it back."""
    budgets = ("network_logins_per_hour", "network_proofs_per_hour", "network_proofs_per_day")
    return start_provider(
        server={"threads": 64},
        passwords={"hash_slots": CROWD, "hash_queue": CROWD},
        database={"url": database_url, "pool_size": CROWD, "lock_timeout": "30 s"},
        lockout=dict.fromkeys(budgets, NO_BUDGET),
    )


def prepare_guess(
    provider: Provider, visitor: Visitor, form: dict[str, str], *, path: str, field: str
) -> Guess:
    """Return what sends a form with a guess in this field, each from a browser of its own."""
    cookie = visitor.read_cookie("csrf") or ""

    def guess(text: str) -> int:
        browser = provider.open_browser()
        browser.client.set_cookie("__Host-csrf", cookie, domain="connexion.example", secure=True)
        return browser.request("POST", path, {**form, field: text}).status_code

    return guess


def rush(guess: Guess, *, wrong: str, right: str, seed: int) -> Counter[int]:
    """Send a crowd of guesses at the same moment, a right one among them; count the statuses."""
    guesses = [wrong] * (CROWD - 1)
    guesses.insert(7 * seed % CROWD, right)
    statuses = Counter(do_at_once([partial(guess, text) for text in guesses]))
    assert statuses.total() == CROWD
    assert statuses[303] <= 1
    return statuses


def most_looked_at(statuses: Counter[int]) -> int:
    """Return how many may be looked at: three; and where the right one was in, three after it."""
    return 2 * LIMIT if statuses[303] else LIMIT


def test_c69_passwords(crowded: Provider) -> None:
    """C69: of twenty at once three reach the hash, in twenty rounds of twenty."""
    numbers = [f"97{number:07d}" for number in range(ROUNDS)]
    add_accounts(crowded, numbers)
    visitor = crowded.open_browser()
    form = visitor.open("/connexion").find_form("login-submit").fields
    for seed, finess in enumerate(numbers):
        before = count_hashes(crowded)
        typed = {**form, "finess": finess}
        guess = prepare_guess(crowded, visitor, typed, path="/connexion", field="password")
        statuses = rush(guess, wrong=WRONG, right=PASSWORD, seed=seed)
        hashed = count_hashes(crowded) - before
        assert LIMIT <= hashed <= most_looked_at(statuses)
        assert statuses[303] + statuses[422] <= hashed
        assert set(statuses) <= {303, 422, 429}


def test_c65_codes(crowded: Provider) -> None:
    """C65: of twenty codes at once three are compared, the right one refused unless among them."""
    crowded.add_account()
    for seed in range(ROUNDS):
        visitor = crowded.open_browser()
        ask_reset(visitor)
        mail = crowded.mailbox.read_latest(EMAIL)
        form = visitor.open(mail.link).find_form("code-submit").fields
        typed = {**form, "finess": FINESS}
        guess = prepare_guess(crowded, visitor, typed, path="/reinitialisation", field="code")
        before = len(list_events(crowded, "reset.code_failed"))
        wrong = "000000" if mail.code != "000000" else "111111"
        statuses = rush(guess, wrong=wrong, right=mail.code, seed=seed)
        compared = len(list_events(crowded, "reset.code_failed")) - before + statuses[303]
        assert compared == LIMIT
        crowded.clock.advance(HOUR)


def test_c67_ibans(crowded: Provider) -> None:
    """C67: of twenty pairs at once three are compared, the right one refused unless among them."""
    numbers = [f"97{number:07d}" for number in range(ROUNDS)]
    visitor = crowded.open_browser()
    form = visitor.open("/inscription").find_form("proof-submit").fields
    for seed, finess in enumerate(numbers):
        crowded.add_practitioner(finess)
        before = len(list_events(crowded, "proof.failed"))
        typed = {**form, "finess": finess}
        guess = prepare_guess(crowded, visitor, typed, path="/inscription", field="iban_suffix")
        statuses = rush(guess, wrong="99999", right=SUFFIX, seed=seed)
        compared = len(list_events(crowded, "proof.failed")) - before + statuses[303]
        assert LIMIT <= compared <= most_looked_at(statuses)
