"""Clients, consents, pushed requests, assertions and the use of keys."""

from datetime import timedelta

from idp.protocol.client import AuthMethod, ClientSecret
from idp.store.key_uses import KeyUse
from idp.store.unit_of_work import SqlUnitOfWork
from tests.integration.store.samples import (
    CLIENT_ID,
    NOW,
    SUB,
    after,
    make_account,
    make_client,
    make_grant,
)

READ, WRITE = frozenset({"openid"}), frozenset({"email", "profile"})


def test_a_client_comes_back_as_it_was_saved(unit: SqlUnitOfWork) -> None:
    """Secrets, keys, lists and lifetimes included."""
    client = make_client(
        token_endpoint_auth_method=AuthMethod.PRIVATE_KEY_JWT,
        secrets=(
            ClientSecret(digest="old", created_at=NOW, expires_at=after(days=1)),
            ClientSecret(digest="new", created_at=NOW),
        ),
        jwks={"keys": [{"kty": "EC", "kid": "1"}]},
        contacts=("équipe@example.org",),
        access_token_lifetime=timedelta(minutes=5),
        updated_at=NOW,
    )
    unit.clients.save(client)
    unit.commit()
    assert unit.clients.find(CLIENT_ID) == client


def test_clients_are_listed_by_id(unit: SqlUnitOfWork) -> None:
    """Saved twice is one."""
    for client_id, name in (("b", "first"), ("a", "first"), ("b", "second")):
        unit.clients.save(make_client(client_id=client_id, name=name))
    assert [(found.client_id, found.name) for found in unit.clients.find_all()] == [
        ("a", "first"),
        ("b", "second"),
    ]


def test_any_text_may_be_asked_for(unit: SqlUnitOfWork) -> None:
    """A client id comes from a request: a NUL is one more unknown client."""
    assert unit.clients.find("unknown") is None
    assert unit.clients.find("a\0b") is None


def test_with_a_client_go_its_grants_and_consents(unit: SqlUnitOfWork) -> None:
    """Removing it again finds nothing."""
    unit.accounts.add(make_account())
    unit.clients.save(make_client())
    unit.consents.remember(SUB, CLIENT_ID, READ, request_id="r", now=NOW)
    grant = make_grant()
    unit.grants.add(grant)
    assert unit.clients.remove(CLIENT_ID, NOW)
    assert not unit.clients.remove(CLIENT_ID, NOW)
    assert unit.clients.find(CLIENT_ID) is None
    assert unit.consents.find(SUB, CLIENT_ID) is None
    revoked = unit.grants.find(grant.id)
    assert revoked
    assert revoked.revoked_at == NOW


def test_consents_add_up(unit: SqlUnitOfWork) -> None:
    """The latest request that was agreed to is named."""
    unit.accounts.add(make_account())
    unit.consents.remember(SUB, CLIENT_ID, READ, request_id="first", now=NOW)
    unit.consents.remember(SUB, CLIENT_ID, WRITE, request_id="second", now=NOW)
    assert unit.consents.find(SUB, CLIENT_ID) == (READ | WRITE, "second")


def test_a_consent_is_withdrawn_once(unit: SqlUnitOfWork) -> None:
    """Nothing is left of it."""
    unit.accounts.add(make_account())
    unit.consents.remember(SUB, CLIENT_ID, READ, request_id="r", now=NOW)
    assert unit.consents.withdraw(SUB, CLIENT_ID, NOW)
    assert not unit.consents.withdraw(SUB, CLIENT_ID, NOW)
    assert unit.consents.find(SUB, CLIENT_ID) is None


def test_a_pushed_request_is_used_once(unit: SqlUnitOfWork) -> None:
    """It can be read before and after."""
    payload = {"scope": "openid", "state": "é\0"}
    unit.pushed_requests.add("ref", CLIENT_ID, payload, expires_at=after(seconds=90))
    assert unit.pushed_requests.find("ref") == (CLIENT_ID, payload, after(seconds=90), False)
    assert unit.pushed_requests.consume("ref", NOW)
    assert not unit.pushed_requests.consume("ref", NOW)
    assert unit.pushed_requests.find("ref") == (CLIENT_ID, payload, after(seconds=90), True)
    assert unit.pushed_requests.find("unknown") is None


def test_an_assertion_is_used_once_by_its_client(unit: SqlUnitOfWork) -> None:
    """Two clients may choose the same `jti`."""
    uses = [
        unit.client_assertions.consume(client_id, "jti", expires_at=after(minutes=1))
        for client_id in ("a", "a", "b")
    ]
    assert uses == [True, False, True]


def test_the_use_of_a_key_is_written_once_a_minute(unit: SqlUnitOfWork) -> None:
    """For the same client, algorithm and key."""
    for seconds in (0, 59, 61, 62):
        unit.key_uses.record(CLIENT_ID, algorithm="RS256", kid="k1", now=after(seconds=seconds))
    unit.key_uses.record(CLIENT_ID, algorithm="RS256", kid="k2", now=NOW)
    assert unit.key_uses.find_all() == [
        KeyUse(client_id=CLIENT_ID, algorithm="RS256", kid=kid, last_used_at=last)
        for kid, last in (("k1", after(seconds=61)), ("k2", NOW))
    ]
