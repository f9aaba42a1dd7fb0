"""Attack case C120: whatever is done in whatever order, the same few things stay true.

Hypothesis invents sequences of authorize, redeem, refresh, revoke, waiting, disabling and signing
in again, and shrinks what breaks a rule to its shortest.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from werkzeug.test import TestResponse

from idp.accounts.account import AccountState
from tests.support.protocol_house import SECRET, SITE
from tests.support.provider_app import Browser, ProviderApp, build_settings

BUDGET = settings(
    max_examples=30,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
_NUMBERS = count(1)


@dataclass
class Family:
    """What became of one authorization code: its tokens, and how often it gave any."""

    code: str
    times_redeemed: int = 0
    is_dead: bool = False
    access_tokens: list[str] = field(default_factory=list)


Held = tuple[Family, str] | MultipleResults[tuple[Family, str]]
"""A refresh token and whose it is, or nothing."""


class Sequences(RuleBasedStateMachine):
    """One practitioner and one site; each rule is something that one of them may do."""

    families = Bundle("families")
    refresh_tokens = Bundle("refresh_tokens")

    def __init__(self, provider: ProviderApp) -> None:
        super().__init__()
        self.provider = provider
        number = next(_NUMBERS)
        self.sub = f"practitioner-{number}"
        provider.add_practitioner(self.sub, f"97{number:07d}")
        self.is_disabled = False
        self.known: list[Family] = []
        self.browser: Browser = provider.open_browser()

    @rule()
    def sign_in(self) -> None:
        """Open the account where it is suspended, and start a session."""
        self.set_state(AccountState.ACTIVE)
        self.browser = self.provider.open_browser()
        self.provider.sign_in(self.browser, sub=self.sub)

    @rule()
    def suspend(self) -> None:
        """Suspend the account."""
        self.set_state(AccountState.DISABLED)

    @rule(target=refresh_tokens)
    def sign_in_at_site(self) -> Held:
        """Go all the way from a new session to tokens."""
        self.sign_in()
        family = self.authorize()
        return self.redeem(family)

    @rule(target=families)
    def authorize(self) -> Family:
        """Ask for a code; without a session there is none, and a made-up one stands for it."""
        location = self.checked(self.browser.authorize()).headers.get("Location", "")
        code = location.partition("code=")[2].partition("&")[0]
        family = Family(code or "made.up")
        self.known.append(family)
        return family

    @rule(target=refresh_tokens, family=families)
    def redeem(self, family: Family) -> Held:
        """Redeem a code, perhaps not for the first time: a second time kills the family."""
        answer = self.checked(self.browser.redeem(family.code))
        if family.times_redeemed:
            family.is_dead = True
        return self.take_tokens(family, answer, is_redemption=True)

    @rule(held=refresh_tokens)
    def replay(self, held: tuple[Family, str]) -> None:
        """Redeem once more the code that gave these tokens."""
        self.redeem(held[0])

    @rule(family=families)
    def redeem_with_wrong_verifier(self, family: Family) -> None:
        """Fail to prove the code's owner: no tokens, and the unused code is spent."""
        answer = self.checked(self.browser.redeem(family.code, code_verifier="w" * 43))
        assert answer.status_code == 400
        family.is_dead = family.is_dead or not family.times_redeemed

    @rule(target=refresh_tokens, held=consumes(refresh_tokens))
    def refresh(self, held: tuple[Family, str]) -> Held:
        """Rotate a refresh token."""
        family, token = held
        return self.take_tokens(family, self.checked(self.browser.refresh(token)))

    @rule(held=refresh_tokens)
    def refresh_and_keep_the_old_one(self, held: tuple[Family, str]) -> None:
        """Use a token that is kept: its next use is a replay, and kills the family."""
        family, token = held
        if self.checked(self.browser.refresh(token)).status_code == 200:
            self.checked(self.browser.refresh(token))
            family.is_dead = True

    @rule(held=refresh_tokens)
    def revoke(self, held: tuple[Family, str]) -> None:
        """Revoke a refresh token, and with it the family."""
        family, token = held
        form = {"token": token, "client_id": "site", "client_secret": SECRET}
        assert self.checked(self.browser.post("/revoke", data=form)).status_code == 200
        family.is_dead = True

    @rule(seconds=st.sampled_from([1, 59, 61, 601]))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.provider.clock.advance(timedelta(seconds=seconds))

    @invariant()
    def dead_families_stay_dead(self) -> None:
        """No token of a revoked family, nor of a suspended account, is worth anything."""
        for family in self.known:
            if family.is_dead or self.is_disabled:
                for token in family.access_tokens[-1:]:
                    assert self.browser.introspect(token) == {"active": False}
                    assert self.browser.userinfo(token).status_code == 401

    @invariant()
    def codes_yield_once(self) -> None:
        """No code gave tokens twice."""
        assert all(family.times_redeemed <= 1 for family in self.known)

    def set_state(self, state: AccountState) -> None:
        """Change the account's state, and nothing of what hangs on it."""
        self.is_disabled = state is AccountState.DISABLED
        self.provider.set_account_state(self.sub, state)

    def take_tokens(
        self, family: Family, answer: TestResponse, *, is_redemption: bool = False
    ) -> Held:
        """Keep the tokens of an answer; a dead family or a suspended account gets none."""
        if answer.status_code != 200:
            return multiple()
        assert not family.is_dead
        assert not self.is_disabled
        family.times_redeemed += is_redemption
        tokens: dict[str, Any] = answer.get_json()
        family.access_tokens.append(tokens["access_token"])
        return family, tokens["refresh_token"]

    def checked(self, answer: TestResponse) -> TestResponse:
        """Return an answer that is no fault of ours."""
        assert answer.status_code < 500
        return answer


def test_c120_sequences(keys_folder: Path, database_url: str) -> None:
    """C120: one code, one token; the dead stay dead; nothing outlives a suspension; never a 5xx."""
    provider = ProviderApp.start(build_settings(keys_folder, database_url), SITE)
    machine: Any = partial(Sequences, provider)
    run_state_machine_as_test(machine, settings=BUDGET)
    provider.close()
