"""Any sequence of authorize, redeem, refresh, revoke, sign out and disable (attack case C120).

Beside the provider goes a small model of what is alive. After each step both must agree.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from werkzeug.test import TestResponse

from idp.accounts.admin import disable_account, enable_account
from idp.accounts.visit import Visit
from idp.secret_values import random_id
from tests.support.protocol_house import SECRET, read_query
from tests.support.provider import Provider

CODE_LIFETIME = timedelta(seconds=60)
ACCESS_LIFETIME = timedelta(minutes=10)
BOUNDED = settings(
    max_examples=25,
    stateful_step_count=20,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
BROWSERS = (0, 1)
CONFIDENTIAL = {"client_id": "site", "client_secret": SECRET}
NUMBERS = count(1)
SPOILT = {
    "verifier": {"code_verifier": "w" * 43},
    "secret": {"client_secret": "wrong"},
    "client": {"client_id": "third"},
    "address": {"redirect_uri": "https://site.example/other"},
}
"""How a redemption may be spoilt; the right client with a wrong verifier uses the code up."""


@dataclass
class Family:
    """A code and all tokens it led to, access tokens with their end, the latest last."""

    code: str
    sid: str
    code_ends_at: datetime
    is_used: bool = False
    is_revoked: bool = False
    access_tokens: list[tuple[str, datetime]] = field(default_factory=list)
    refresh_tokens: list[str] = field(default_factory=list)


class TokenLives(RuleBasedStateMachine):
    """One account of its own, two browsers, and every family they ever got."""

    provider: Provider

    def __init__(self) -> None:
        super().__init__()
        provider = self.provider
        self.sub, self.finess = random_id(), f"97{next(NUMBERS):07}"
        self.is_enabled = True
        self.families: list[Family] = []
        self.relying_party = provider.running.open_browser()
        provider.running.add_practitioner(self.sub, self.finess)
        self.browsers = [provider.running.open_browser() for _ in BROWSERS]
        self.sids = ["" for _ in BROWSERS]

    @property
    def now(self) -> datetime:
        """The moment."""
        return self.provider.clock.now()

    @rule(which=st.sampled_from(BROWSERS))
    def authorize(self, which: int) -> None:
        """Get a code; sign in before where nobody is, which a disabled account's owner cannot."""
        browser = self.browsers[which]
        answer = browser.authorize()
        if "code" not in read_query(answer.location) and self.is_enabled:
            self.sids[which] = self.provider.running.sign_in(browser, sub=self.sub)
            answer = browser.authorize()
        assert ("code" in read_query(answer.location)) == self.is_enabled
        if self.is_enabled:
            code = read_query(answer.location)["code"]
            self.families.append(Family(code, self.sids[which], self.now + CODE_LIFETIME))

    @precondition(lambda self: self.families)
    @rule(data=st.data())
    def redeem(self, data: st.DataObject) -> None:
        """Redeem a code: the first time in its minute gives tokens, the second ends the family."""
        self._redeem(self._choose(data))

    @precondition(lambda self: self.is_enabled)
    @rule(which=st.sampled_from(BROWSERS))
    def sign_in_at_the_site(self, which: int) -> None:
        """Authorize and redeem at once, as sites do."""
        self.authorize(which)
        self._redeem(self.families[-1])

    @precondition(lambda self: self.families)
    @rule(data=st.data(), what=st.sampled_from(sorted(SPOILT)))
    def redeem_badly(self, data: st.DataObject, what: str) -> None:
        """A spoilt redemption never gives tokens, and kills none."""
        family = self._choose(data)
        answer = self.relying_party.redeem(family.code, **SPOILT[what])
        self._take(family, answer, may=False)
        is_fresh = self.now < family.code_ends_at and not family.is_revoked
        family.is_used |= what == "verifier" and is_fresh

    @precondition(lambda self: any(family.refresh_tokens for family in self.families))
    @rule(data=st.data())
    def refresh(self, data: st.DataObject) -> None:
        """The last refresh token is good once; an earlier one ends the family."""
        family = self._choose(data, [each for each in self.families if each.refresh_tokens])
        token = data.draw(st.sampled_from(family.refresh_tokens))
        is_last = token == family.refresh_tokens[-1]
        may = is_last and not family.is_revoked and self.is_enabled
        self._take(family, self.relying_party.refresh(token), may=may)
        family.is_revoked |= not is_last

    @precondition(lambda self: any(family.refresh_tokens for family in self.families))
    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        """Revoking a token ends its family: any refresh token does, an access token in its time."""
        family = self._choose(data, [each for each in self.families if each.refresh_tokens])
        in_time = [token for token, ends_at in family.access_tokens if self.now < ends_at]
        token = data.draw(st.sampled_from([*family.refresh_tokens, *in_time]))
        answer = self.relying_party.post("/revoke", data={**CONFIDENTIAL, "token": token})
        assert answer.status_code == 200
        family.is_revoked = True

    @precondition(lambda self: self.families)
    @rule(which=st.sampled_from(BROWSERS))
    def sign_out(self, which: int) -> None:
        """Ending a browser's session ends every family that began in it."""
        with self.provider.running.built.open_unit() as unit:
            unit.sessions.end(self.sids[which], self.now)
            unit.commit()
        for family in self.families:
            family.is_revoked |= family.sid == self.sids[which]

    @precondition(lambda self: not self.is_enabled or len(self.families) > 1)
    @rule()
    def disable_or_enable(self) -> None:
        """Disabling the account ends everything, and enabling it brings nothing back."""
        built = self.provider.running.built
        with built.open_unit() as unit:
            visit = Visit(tools=built.services.tools, uow=unit, now=self.now)
            if self.is_enabled:
                disable_account(visit, self.finess, reason="test")
            else:
                enable_account(visit, self.finess)
            unit.commit()
        for family in self.families:
            family.is_revoked = True
        self.is_enabled = not self.is_enabled

    @rule(seconds=st.sampled_from([1, 59, 61, 601]))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.provider.clock.advance(timedelta(seconds=seconds))

    @invariant()
    def tokens_are_as_alive_as_the_model_says(self) -> None:
        """Introspection and userinfo agree with it about every token there ever was."""
        for family in self.families:
            is_alive = self.is_enabled and not family.is_revoked
            for token, ends_at in family.access_tokens:
                is_active = is_alive and self.now < ends_at
                assert self.relying_party.introspect(token)["active"] is is_active
                status = self.relying_party.userinfo(token).status_code
                assert status == (200 if is_active else 401)
            for token in family.refresh_tokens:
                is_active = is_alive and token == family.refresh_tokens[-1]
                assert self.relying_party.introspect(token)["active"] is is_active

    def _redeem(self, family: Family) -> None:
        is_fresh = not (family.is_used or family.is_revoked)
        may = is_fresh and self.is_enabled and self.now < family.code_ends_at
        self._take(family, self.relying_party.redeem(family.code), may=may)
        family.is_revoked |= family.is_used
        family.is_used |= may

    def _choose(self, data: st.DataObject, families: list[Family] | None = None) -> Family:
        return data.draw(st.sampled_from(families or self.families))

    def _take(self, family: Family, answer: TestResponse, *, may: bool) -> None:
        """Hold an answer of /token to whether it may give tokens, and keep those it gives."""
        if not may:
            assert answer.status_code in {400, 401}, answer.text
            return
        assert answer.status_code == 200, answer.text
        tokens = answer.get_json()
        family.access_tokens.append((tokens["access_token"], self.now + ACCESS_LIFETIME))
        family.refresh_tokens.append(tokens["refresh_token"])


def test_tokens_live_and_die_together(provider: Provider) -> None:
    """Whatever is done in whatever order, no token outlives what it hangs on."""

    class Here(TokenLives):
        pass

    Here.provider = provider
    run_state_machine_as_test(Here, settings=BOUNDED)
