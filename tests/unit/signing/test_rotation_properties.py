"""Whatever admins do, and wherever their processes die: one key signs, and every token verifies."""

from datetime import datetime

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from idp.signing.errors import KeyChangeRefusedError
from idp.signing.key_changes import KeyKeeper
from idp.signing.key_ring import KeyRing, find_ring_faults
from idp.signing.signing_key import KeyState
from tests.support.signing import (
    HOUR,
    MINUTE,
    POLICY,
    SECOND,
    START,
    AuditList,
    CrashError,
    MemoryKeyStore,
    MovedClock,
    make_key,
)

STEPS = st.sampled_from([MINUTE, 15 * MINUTE, HOUR, 7 * HOUR, 24 * 20 * HOUR])
CRASHES = st.sampled_from([-1, -1, 0, 1, 2, 3])
"""After how many writes the process dies; -1 is never."""


class Rotations(RuleBasedStateMachine):
    """An issuer, and a relying party that keeps the JWKS for the whole max-age."""

    @initialize()
    def begin(self) -> None:
        """Start with one key and a relying party that fetched the JWKS."""
        self.clock = MovedClock()
        self.store = MemoryKeyStore.holding(make_key("EdDSA"))
        self.keeper = KeyKeeper(self.store, policy=POLICY, clock=self.clock, audit=AuditList())
        self.jwks: set[str] = set()
        self.fetched_at = START - HOUR
        self.tokens: list[tuple[str, datetime]] = []
        self.emergencies = 0

    def change(self, name: str, *arguments: str, crash: int = -1) -> None:
        """Make a change, a second later; it may be refused, or its process die in its middle."""
        self.clock.advance(SECOND)
        self.store.writes_until_crash = crash
        try:
            getattr(self.keeper, name)(*arguments)
        except (CrashError, KeyChangeRefusedError):
            pass
        finally:
            self.store.writes_until_crash = -1

    @rule(step=STEPS)
    def wait(self, step: object) -> None:
        """Let time pass."""
        self.clock.advance(step)  # type: ignore[arg-type]

    @rule(crash=CRASHES)
    def rotate(self, crash: int) -> None:
        """Rotate by hand."""
        self.change("rotate", "EdDSA", crash=crash)

    @rule(crash=CRASHES)
    def schedule(self, crash: int) -> None:
        """Let a worker run."""
        self.change("run_schedule", crash=crash)

    @rule(crash=CRASHES, number=st.integers(0, 5))
    def promote(self, crash: int, number: int) -> None:
        """Try to promote any key."""
        self.change("promote", self.pick(number), crash=crash)

    @rule(crash=CRASHES, number=st.integers(0, 5))
    def rehearse(self, crash: int, number: int) -> None:
        """Try to rehearse any key, for the relying party of this test."""
        self.change("rehearse", self.pick(number), "mnspf", crash=crash)

    @rule(crash=CRASHES, number=st.integers(0, 5))
    def remove(self, crash: int, number: int) -> None:
        """Try to remove any key."""
        self.change("remove", self.pick(number), crash=crash)

    @rule(crash=CRASHES, number=st.integers(0, 5))
    def revoke(self, crash: int, number: int) -> None:
        """Revoke any key: its tokens, and those of a key nobody knew, are lost on purpose."""
        self.change("revoke", self.pick(number), crash=crash)
        self.tokens.clear()
        self.fetched_at = START - HOUR

    @rule()
    def use(self) -> None:
        """Sign for the relying party, which verifies with the JWKS it keeps."""
        now = self.clock.now()
        if now >= self.fetched_at + POLICY.jwks_max_age:
            self.jwks = {jwk["kid"] for jwk in self.ring.jwks(now)["keys"]}
            self.fetched_at = now
        kid = self.ring.active("EdDSA", now, client_id="mnspf").kid
        assert kid in self.jwks, "a relying party does not know the key"
        self.tokens.append((kid, now))

    @invariant()
    def one_key_signs(self) -> None:
        """Exactly one key is active, now and at every change to come."""
        for moment in (self.clock.now(), *self.list_changes_to_come()):
            states = [life.state_at(moment) for life in self.ring.lives]
            assert states.count(KeyState.ACTIVE) == 1

    @invariant()
    def one_key_is_next_at_most(self) -> None:
        """However many rotate, one key is announced."""
        states = [life.state_at(self.clock.now()) for life in self.ring.lives]
        assert states.count(KeyState.NEXT) <= 1

    @invariant()
    def living_tokens_verify(self) -> None:
        """Each token that has not died is signed by a published key."""
        now = self.clock.now()
        for kid, signed_at in self.tokens:
            if now <= signed_at + POLICY.longest_token_lifetime:
                assert self.ring.find_published(kid, now) is not None

    @invariant()
    def no_process_refuses_to_start(self) -> None:
        """Wherever a change stopped, the keys are complete."""
        assert find_ring_faults(self.ring, self.clock.now(), required=("EdDSA",)) == []

    @property
    def ring(self) -> KeyRing:
        """The keys as any process sees them."""
        return KeyRing(self.store.keys.values())

    def list_changes_to_come(self) -> list[datetime]:
        """Return the moments at which a key's state changes from now on."""
        moments = {
            moment
            for life in self.ring.lives
            for moment in (
                life.key.published_at,
                life.key.signs_from,
                life.signs_until,
                life.gone_at,
            )
            if moment is not None and moment > self.clock.now()
        }
        return sorted(moments)

    def pick(self, number: int) -> str:
        """Return one of the kids."""
        kids = list(self.store.keys)
        return kids[number % len(kids)]


TestRotations = Rotations.TestCase
TestRotations.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
