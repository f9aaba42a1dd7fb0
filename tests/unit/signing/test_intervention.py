"""What an admin may do to one key: promotion, rehearsal, revocation, removal."""

from dataclasses import replace

import pytest

from idp.signing.errors import KeyChangeRefusedError, TooEarlyError
from idp.signing.intervention import (
    check_removal,
    plan_promotion,
    plan_rehearsal,
    plan_revocation,
)
from idp.signing.key_ring import KeyRing
from idp.signing.signing_key import KeyPlan, SigningKey
from tests.support.signing import (
    DAY,
    HOUR,
    MINUTE,
    POLICY,
    SECOND,
    START,
    life_of,
    make_key,
    make_successor,
)

OLD = make_key()
NEW = make_successor(OLD, signs_from=START + DAY, predecessor_gone_at=START + 2 * DAY)
ONE = KeyRing([OLD])
BOTH = KeyRing([OLD, NEW])
KNOWN = START + 16 * MINUTE


def test_next_key_may_sign_early_once_it_is_known() -> None:
    """When the JWKS max-age has surely passed, the next key may sign ahead of its date."""
    key = plan_promotion(life_of(NEW, BOTH), now=KNOWN, policy=POLICY)
    assert key.signs_from == KNOWN
    assert key.predecessor_gone_at == KNOWN + 12 * HOUR + MINUTE


def test_early_promotion_is_refused_with_the_date() -> None:
    """A key that some relying party may not know yet must not sign."""
    with pytest.raises(TooEarlyError) as refusal:
        plan_promotion(life_of(NEW, BOTH), now=KNOWN - SECOND, policy=POLICY)
    assert refusal.value.safe_at == KNOWN


def test_only_the_next_key_is_promoted() -> None:
    """An active key has nothing to be promoted to."""
    with pytest.raises(KeyChangeRefusedError, match="active"):
        plan_promotion(life_of(OLD, BOTH), now=KNOWN, policy=POLICY)


def test_rehearsal_adds_one_client() -> None:
    """The next key signs for one more client, at unchanged dates."""
    first = replace(NEW, rehearsed_by=frozenset({"a"}))
    ring = KeyRing([OLD, first])
    key = plan_rehearsal(life_of(first, ring), "b", now=KNOWN, policy=POLICY)
    assert key == replace(first, rehearsed_by=frozenset({"a", "b"}))


def test_rehearsal_before_the_key_is_known_is_refused() -> None:
    """A client that keeps the JWKS would fail a rehearsal for no fault of its own."""
    with pytest.raises(TooEarlyError) as refusal:
        plan_rehearsal(life_of(NEW, BOTH), "a", now=START, policy=POLICY)
    assert refusal.value.safe_at == KNOWN


def test_revoking_the_active_key_lets_the_announced_one_sign_first() -> None:
    """What takes over is written before the revocation, so that one key signs in between."""
    stand_in, revoked = plan_revocation(BOTH, life_of(OLD, BOTH), now=KNOWN)
    assert stand_in == replace(NEW, signs_from=KNOWN, predecessor_gone_at=KNOWN)
    assert revoked == replace(OLD, revoked_at=KNOWN)


def test_revoking_the_only_key_makes_a_new_one_first() -> None:
    """Without an announced key a new one is made, and signs at once."""
    stand_in, revoked = plan_revocation(ONE, life_of(OLD, ONE), now=KNOWN)
    assert stand_in == KeyPlan(
        algorithm="ES256",
        published_at=KNOWN,
        signs_from=KNOWN,
        predecessor=OLD.kid,
        predecessor_gone_at=KNOWN,
    )
    assert revoked == replace(OLD, revoked_at=KNOWN)


def test_revoking_a_retired_key_ends_its_overlap() -> None:
    """A retired key that is revoked is not missed by its successor any more."""
    now = START + DAY + HOUR
    successor, revoked = plan_revocation(BOTH, life_of(OLD, BOTH), now=now)
    assert successor == replace(NEW, predecessor_gone_at=now)
    assert revoked == replace(OLD, revoked_at=now)


def test_revoking_the_next_key_changes_nothing_else() -> None:
    """A next key that is revoked never signs; the active one goes on."""
    assert plan_revocation(BOTH, life_of(NEW, BOTH), now=KNOWN) == [replace(NEW, revoked_at=KNOWN)]


def test_key_is_revoked_once() -> None:
    """A key that is gone cannot be revoked."""
    with pytest.raises(KeyChangeRefusedError, match="gone"):
        plan_revocation(BOTH, life_of(OLD, BOTH), now=START + 3 * DAY)


@pytest.mark.parametrize("key, safe_at", [(OLD, START + 2 * DAY), (NEW, None)])
def test_key_still_needed_is_not_removed(key: SigningKey, safe_at: object) -> None:
    """Removing a key is refused with the date from which nothing needs it, if there is one."""
    with pytest.raises(TooEarlyError) as refusal:
        check_removal(life_of(key, BOTH), now=START + DAY)
    assert refusal.value.safe_at == safe_at


def test_gone_key_may_be_removed() -> None:
    """Once its last token has died, a key may be destroyed."""
    check_removal(life_of(OLD, BOTH), now=START + 2 * DAY)
