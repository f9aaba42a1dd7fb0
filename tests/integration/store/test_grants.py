"""Grants: one row a code, changed by single conditional updates."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from idp.accounts.account import AccountState
from idp.protocol.grant import Grant
from idp.store.unit_of_work import SqlUnitOfWork
from tests.integration.store.samples import NOW, SUB, after, make_account, make_grant, make_session


def add(unit: SqlUnitOfWork, **fields: object) -> Grant:
    """Add a grant and return it."""
    grant = make_grant(**fields)
    assert unit.grants.add(grant)
    return grant


def redeem(unit: SqlUnitOfWork, grant: Grant, **late: float) -> bool:
    """Redeem the grant's code that much later than it was issued."""
    return unit.grants.redeem_code(grant.id, refresh_generation=1, now=after(**late))


def test_a_grant_comes_back_as_it_was_added(unit: SqlUnitOfWork) -> None:
    """By its id, which its code begins with."""
    grant = add(unit, nonce="n", code_challenge="c", claims="{}", once_id="r")
    assert unit.grants.find(grant.id) == grant
    assert unit.grants.find("unknown") is None


def test_a_request_that_may_be_answered_once_is(unit: SqlUnitOfWork) -> None:
    """A second answer is refused, whatever else it says."""
    assert not unit.grants.was_answered("request")
    add(unit, once_id="request")
    assert unit.grants.was_answered("request")
    assert not unit.grants.add(make_grant(once_id="request"))


def test_other_requests_are_answered_any_number_of_times(unit: SqlUnitOfWork) -> None:
    """They have no `once_id`."""
    add(unit)
    add(unit)


def test_a_code_is_redeemed_once(unit: SqlUnitOfWork) -> None:
    """The row then says when, and how many refresh tokens were given."""
    grant = add(unit)
    assert redeem(unit, grant, seconds=59)
    assert not redeem(unit, grant, seconds=59)
    redeemed = unit.grants.find(grant.id)
    assert redeemed
    assert (redeemed.code_used_at, redeemed.refresh_generation) == (after(seconds=59), 1)


def test_an_expired_code_is_not_redeemed(unit: SqlUnitOfWork) -> None:
    """Its last moment is the one before its end."""
    assert not redeem(unit, add(unit), seconds=60)


def test_the_code_of_a_revoked_grant_is_not_redeemed(unit: SqlUnitOfWork) -> None:
    """A session that ended meanwhile takes the code with it."""
    grant = add(unit)
    assert unit.grants.revoke(grant.id, NOW)
    assert not redeem(unit, grant)


def test_the_code_of_a_session_that_has_ended_is_not_redeemed(unit: SqlUnitOfWork) -> None:
    """Not even one issued by a request that was under way while the session ended."""
    session = make_session()
    unit.sessions.add(session)
    unit.sessions.end_all(session.sub, NOW)
    assert not redeem(unit, add(unit, sub=session.sub, sid=session.sid))


def test_a_redemption_outlives_a_rollback(unit: SqlUnitOfWork) -> None:
    """Nothing that fails later in a request makes a code good again."""
    grant = add(unit)
    unit.commit()
    assert redeem(unit, grant)
    unit.rollback()
    assert not redeem(unit, grant)


@pytest.fixture
def owned(unit: SqlUnitOfWork) -> SqlUnitOfWork:
    """A unit of work in which the grants' account is active."""
    unit.accounts.add(make_account())
    return unit


def rotate(unit: SqlUnitOfWork, grant: Grant, generation: int, **other: Any) -> Grant | None:  # noqa: ANN401 - any argument
    """Rotate the refresh token of this generation."""
    arguments = {"client_id": grant.client_id, "now": NOW, **other}
    return unit.grants.rotate_refresh(grant.id, generation=generation, **arguments)


def test_a_refresh_token_rotates_from_its_own_generation(owned: SqlUnitOfWork) -> None:
    """An older one moves nothing; the grant comes back as it is then."""
    grant = add(owned, refresh_generation=1)
    assert rotate(owned, grant, 1) == replace(grant, refresh_generation=2)
    assert rotate(owned, grant, 1) is None
    assert rotate(owned, grant, 2) == replace(grant, refresh_generation=3)


def test_a_rotation_outlives_a_rollback(owned: SqlUnitOfWork) -> None:
    """Nothing that fails later in a request makes a refresh token good again."""
    grant = add(owned)
    owned.commit()
    assert rotate(owned, grant, 0)
    owned.rollback()
    assert rotate(owned, grant, 0) is None


def test_a_dead_grant_rotates_nothing(owned: SqlUnitOfWork) -> None:
    """Neither a revoked nor an expired one."""
    revoked, expired = add(owned, revoked_at=NOW), add(owned, expires_at=NOW)
    for grant in (revoked, expired):
        assert rotate(owned, grant, 0) is None


def test_only_its_own_client_rotates_a_grant(owned: SqlUnitOfWork) -> None:
    """For another one it stays as it was."""
    grant = add(owned)
    assert rotate(owned, grant, 0, client_id="other") is None
    assert rotate(owned, grant, 0)


@pytest.mark.parametrize("state", AccountState)
def test_a_grant_rotates_while_its_account_may_sign_in(
    unit: SqlUnitOfWork, state: AccountState
) -> None:
    """The account is asked by the same statement: its own, whatever another's says."""
    unit.accounts.add(make_account(state=state))
    unit.accounts.add(make_account(sub="another", finess="690000013"))
    assert bool(rotate(unit, add(unit), 0)) == state.may_sign_in


def test_a_grant_is_revoked_once(unit: SqlUnitOfWork) -> None:
    """The first date stays."""
    grant = add(unit)
    assert unit.grants.revoke(grant.id, NOW)
    assert not unit.grants.revoke(grant.id, after(hours=1))
    revoked = unit.grants.find(grant.id)
    assert revoked
    assert revoked.revoked_at == NOW


def test_the_grants_of_an_account_are_revoked_together(unit: SqlUnitOfWork) -> None:
    """All of them, or those of one client; those of others live."""
    site, shop, other = (
        add(unit, **fields) for fields in ({}, {"client_id": "shop"}, {"sub": "another"})
    )
    assert unit.grants.revoke_for_client(SUB, "shop", NOW) == 1
    assert unit.grants.revoke_all(SUB, NOW) == 1
    found = [unit.grants.find(grant.id) for grant in (site, shop, other)]
    assert [grant and grant.revoked_at for grant in found] == [NOW, NOW, None]


def test_the_latest_grant_of_each_client_is_found(unit: SqlUnitOfWork) -> None:
    """Of those whose code was redeemed, latest first."""
    for minutes, client_id in ((1, "site"), (2, "shop"), (3, "site")):
        moment = after(minutes=minutes)
        add(unit, id=f"{minutes}", client_id=client_id, created_at=moment, code_used_at=moment)
    add(unit, client_id="never-reached")
    found = unit.grants.find_latest_by_client(SUB)
    assert [(grant.id, grant.client_id) for grant in found] == [("3", "site"), ("2", "shop")]


@pytest.mark.parametrize("lifetime", [timedelta(seconds=60), timedelta(hours=12)])
def test_a_grant_outlives_the_sealed_request_it_answers(
    unit: SqlUnitOfWork, lifetime: timedelta
) -> None:
    """So a request that was answered stays answered for as long as it can be sent."""
    add(unit, once_id="request", expires_at=NOW + lifetime)
    unit.commit()
    assert unit.grants.was_answered("request")
