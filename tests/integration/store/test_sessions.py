"""Sessions and known devices, and what ends with a session."""

import pytest

from idp.outbound.ports import OutboxKind
from idp.store.known_devices import MAX_ACCOUNTS
from idp.store.unit_of_work import SqlUnitOfWork
from tests.integration.store.samples import (
    NOW,
    SUB,
    after,
    make_client,
    make_grant,
    make_session,
)

LOGOUT_URI = "https://www.mnspf.fr/deconnexion"


def notified(unit: SqlUnitOfWork) -> list[tuple[str, str]]:
    """Return client and `sid` of every logout notice that waits."""
    items = unit.outbox.lease(
        OutboxKind.LOGOUT, worker="w", limit=99, lease_until=after(hours=1), now=NOW
    )
    return sorted((item.recipient, item.parameters["sid"]) for item in items)


def test_a_session_is_found_by_its_cookie(unit: SqlUnitOfWork) -> None:
    """As it was opened."""
    session = make_session(browser="Firefox", is_shared_computer=True, login_request_id="r")
    unit.sessions.add(session)
    assert unit.sessions.find(session.secret_digest, NOW) == session
    assert unit.sessions.find("unknown", NOW) is None


@pytest.mark.parametrize("field", ["idle_expires_at", "expires_at"])
def test_an_expired_session_is_not_found(unit: SqlUnitOfWork, field: str) -> None:
    """Neither one that idled out nor one at its absolute end."""
    session = make_session(**{field: after(minutes=5)})
    unit.sessions.add(session)
    assert unit.sessions.find(session.secret_digest, after(minutes=4))
    assert unit.sessions.find(session.secret_digest, after(minutes=5)) is None
    assert unit.sessions.find_all(SUB, after(minutes=5)) == []


def test_a_touch_pushes_the_idle_end(unit: SqlUnitOfWork) -> None:
    """And nothing else."""
    session = make_session()
    unit.sessions.add(session)
    unit.sessions.touch(
        session.sid, last_seen_at=after(minutes=10), idle_expires_at=after(minutes=40)
    )
    assert unit.sessions.find(session.secret_digest, after(minutes=35)) == make_session(
        sid=session.sid,
        secret_digest=session.secret_digest,
        last_seen_at=after(minutes=10),
        idle_expires_at=after(minutes=40),
    )


def test_a_renewed_session_answers_to_its_new_cookie_alone(unit: SqlUnitOfWork) -> None:
    """Its `sid` stays, so relying parties notice nothing."""
    session = make_session()
    unit.sessions.add(session)
    renewed = make_session(
        sid=session.sid, authenticated_at=after(minutes=1), last_seen_at=after(minutes=1)
    )
    assert unit.sessions.renew(renewed)
    assert unit.sessions.find(session.secret_digest, NOW) is None
    assert unit.sessions.find(renewed.secret_digest, NOW) == renewed


def test_a_session_that_ended_is_not_renewed(unit: SqlUnitOfWork) -> None:
    """A sign-out that came first wins."""
    session = make_session()
    unit.sessions.add(session)
    unit.sessions.end(session.sid, NOW)
    assert not unit.sessions.renew(make_session(sid=session.sid))


def test_the_sessions_of_an_account_come_latest_first(unit: SqlUnitOfWork) -> None:
    """Those of others do not come."""
    earlier, later = make_session(), make_session(authenticated_at=after(minutes=1))
    for session in (earlier, later, make_session(sub="another")):
        unit.sessions.add(session)
    assert unit.sessions.find_all(SUB, NOW) == [later, earlier]


def test_a_session_ends_once(unit: SqlUnitOfWork) -> None:
    """The second end finds nothing to do."""
    session = make_session()
    unit.sessions.add(session)
    assert unit.sessions.end(session.sid, NOW)
    assert not unit.sessions.end(session.sid, NOW)
    assert unit.sessions.find(session.secret_digest, NOW) is None


def test_with_a_session_end_its_grants(unit: SqlUnitOfWork) -> None:
    """Those of the account's other sessions live on."""
    ended, other = make_session(), make_session()
    of_ended, of_other = make_grant(sid=ended.sid), make_grant(sid=other.sid)
    unit.sessions.add(ended)
    for grant in (of_ended, of_other):
        unit.grants.add(grant)
    unit.sessions.end(ended.sid, after(minutes=1))
    found = [unit.grants.find(grant.id) for grant in (of_ended, of_other)]
    assert [grant and grant.revoked_at for grant in found] == [after(minutes=1), None]


def test_clients_that_the_session_signed_in_to_are_told(unit: SqlUnitOfWork) -> None:
    """Once each, if they want to be told and had their code redeemed."""
    session = make_session()
    unit.sessions.add(session)
    for client_id in ("told", "without-code", "not-asking"):
        uri = None if client_id == "not-asking" else LOGOUT_URI
        unit.clients.save(make_client(client_id=client_id, backchannel_logout_uri=uri))
    for client_id in ("told", "told", "not-asking", "removed"):
        used = make_grant(client_id=client_id, sid=session.sid, code_used_at=NOW)
        unit.grants.add(used)
    unit.grants.add(make_grant(client_id="without-code", sid=session.sid))
    unit.sessions.end(session.sid, NOW)
    assert notified(unit) == [("told", session.sid)]


def test_a_notice_names_account_and_session(unit: SqlUnitOfWork) -> None:
    """What a logout token needs; it is given up a day later."""
    session = make_session()
    unit.sessions.add(session)
    unit.clients.save(make_client(backchannel_logout_uri=LOGOUT_URI))
    unit.grants.add(make_grant(sid=session.sid, code_used_at=NOW))
    unit.sessions.end(session.sid, NOW)
    (item,) = unit.outbox.find_page()
    assert item.parameters == {"sub": SUB, "sid": session.sid}
    assert item.expires_at is None  # the setting says when it is given up


def test_all_sessions_of_an_account_end_but_one(unit: SqlUnitOfWork) -> None:
    """Each with its grants and notices; expired ones are not counted."""
    kept, ended, idle = make_session(), make_session(), make_session(idle_expires_at=NOW)
    for session in (kept, ended, idle):
        unit.sessions.add(session)
        unit.grants.add(make_grant(sid=session.sid, code_used_at=NOW))
    unit.clients.save(make_client(backchannel_logout_uri=LOGOUT_URI))
    assert unit.sessions.end_all(SUB, NOW, but=kept.sid) == 1
    assert unit.sessions.find_all(SUB, NOW) == [kept]
    assert {sid for _, sid in notified(unit)} == {ended.sid, idle.sid}


def test_no_session_to_end_is_fine(unit: SqlUnitOfWork) -> None:
    """None is counted."""
    assert unit.sessions.end_all(SUB, NOW) == 0


def test_a_device_is_known_until_it_expires(unit: SqlUnitOfWork) -> None:
    """To the account it signed in to, and no other."""
    unit.known_devices.remember("device", SUB, after(days=365))
    assert unit.known_devices.is_known("device", SUB, after(days=364))
    assert not unit.known_devices.is_known("device", SUB, after(days=365))
    assert not unit.known_devices.is_known("device", "another", NOW)
    assert not unit.known_devices.is_known("other device", SUB, NOW)


def test_a_device_knows_ten_accounts(unit: SqlUnitOfWork) -> None:
    """The one that signed in longest ago is forgotten."""
    subs = [f"sub-{number}" for number in range(MAX_ACCOUNTS + 1)]
    for minute, sub in enumerate([*subs[:-1], subs[0], subs[-1]]):
        unit.known_devices.remember("device", sub, after(days=365, minutes=minute))
    known = [sub for sub in subs if unit.known_devices.is_known("device", sub, NOW)]
    assert known == [subs[0], *subs[2:]]


def test_the_devices_of_an_account_are_listed_and_forgotten(unit: SqlUnitOfWork) -> None:
    """All, or all but one; those of others stay."""
    for device in ("a", "b"):
        unit.known_devices.remember(device, SUB, after(days=1))
    unit.known_devices.remember("b", "another", after(days=1))
    assert sorted(unit.known_devices.find_all(SUB, NOW)) == ["a", "b"]
    unit.known_devices.forget_all(SUB, but="a")
    assert unit.known_devices.find_all(SUB, NOW) == ["a"]
    unit.known_devices.forget_all(SUB)
    assert unit.known_devices.find_all(SUB, NOW) == []
    assert unit.known_devices.is_known("b", "another", NOW)
