"""Calls every method of every repository once, and knows when one was forgotten."""

from functools import cached_property
from inspect import isfunction
from typing import Any, get_type_hints

from idp.accounts.account import AccountState
from idp.accounts.links import EmailLinkKind
from idp.audit_events import Event
from idp.outbound.ports import OutboxKind, OutboxState
from idp.store.audit import AuditQuery
from idp.store.unit_of_work import SqlUnitOfWork
from tests.integration.store.samples import (
    BUDGET,
    CLIENT_ID,
    FINESS,
    NOW,
    RULE,
    SUB,
    after,
    make_account,
    make_client,
    make_email_link,
    make_grant,
    make_practitioner,
    make_registration,
    make_reset,
    make_session,
)


class Spy:
    """Stands before a unit of work and notes `repository.method` of each call."""

    def __init__(self, target: object, calls: set[str], path: str = "") -> None:
        self._target, self._calls, self._path = target, calls, path

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - it stands for anything
        value = getattr(self._target, name)
        if callable(value):
            self._calls.add(f"{self._path}{name}")
            return value
        return Spy(value, self._calls, f"{name}.")


def list_methods() -> set[str]:
    """Return `repository.method` for every public method a unit of work leads to."""
    repositories = {
        name: get_type_hints(member.func)["return"]
        for name, member in vars(SqlUnitOfWork).items()
        if isinstance(member, cached_property)
    }
    return {
        f"{name}.{method}"
        for name, repository in repositories.items()
        for base in repository.__mro__
        for method, function in vars(base).items()
        if isfunction(function) and not method.startswith("_")
    }


def call_everything(unit: Any) -> None:  # noqa: ANN401 - a spy
    """Call every method, with parameters that make it reach all its statements."""
    unit.clients.save(make_client(backchannel_logout_uri="https://www.mnspf.fr/fin"))
    _call_directory(unit)
    _call_links(unit)
    _call_attempts(unit)
    _call_sessions_and_grants(unit)
    _call_clients(unit)
    _call_outbox(unit)
    _call_audit(unit)


def _call_directory(unit: Any) -> None:  # noqa: ANN401
    unit.practitioners.save(make_practitioner())
    unit.practitioners.find(FINESS)
    unit.practitioners.import_batch([make_practitioner(name="Other")], NOW)
    unit.practitioners.find_some([FINESS])
    list(unit.practitioners.find_open_numbers())
    unit.accounts.add(make_account())
    unit.accounts.find(SUB)
    unit.accounts.find_by_finess(FINESS)
    unit.accounts.raise_hash(SUB, old_hash="$argon2id$sample", new_hash="$argon2id$sample")
    for is_reminded in (True, False):
        unit.accounts.record_sign_in(
            SUB, password_hash="$argon2id$sample", now=NOW, is_reminded=is_reminded
        )
    unit.accounts.save(make_account(state=AccountState.WITHOUT_EMAIL))
    unit.subjects.find(SUB)
    unit.subjects.find_with_grant("grant")
    unit.practitioners.close_batch([FINESS], NOW)


def _call_links(unit: Any) -> None:  # noqa: ANN401
    for repository, link in (
        (unit.registrations, make_registration()),
        (unit.resets, make_reset()),
        (unit.email_links, make_email_link()),
    ):
        repository.add(link)
        repository.find_by_link(link.link_digest)
    unit.registrations.find_by_flow("flow")
    unit.registrations.replace_all(FINESS, NOW)
    unit.registrations.consume("registration", NOW)
    unit.resets.reserve_code_attempt("reset", limit=3, now=NOW)
    unit.resets.record_code_proof("reset", "browser", NOW)
    unit.resets.replace_all(SUB, NOW)
    unit.resets.consume("reset", NOW)
    unit.email_links.find_usable(SUB, EmailLinkKind.UNDO, NOW)
    unit.email_links.replace_all(SUB, EmailLinkKind.UNDO, NOW)
    unit.email_links.consume("link", NOW)


def _call_attempts(unit: Any) -> None:  # noqa: ANN401
    unit.attempts.reserve("key", RULE, NOW)
    unit.attempts.block("key", after(hours=1), NOW)
    unit.attempts.blocked_until("key", NOW)
    unit.attempts.clear("key")
    unit.attempts.clear_all_since("login:", NOW)
    unit.attempts.spend("net", BUDGET, NOW)
    unit.attempts.spent("net", NOW)
    unit.proofs.consume("proof", expires_at=after(hours=1))
    unit.known_devices.remember("device", SUB, after(days=1))
    unit.known_devices.is_known("device", SUB, NOW)
    unit.known_devices.find_all(SUB, NOW)
    unit.known_devices.forget_all(SUB)


def _call_sessions_and_grants(unit: Any) -> None:  # noqa: ANN401
    session, other = make_session(), make_session()
    for opened in (session, other):
        unit.sessions.add(opened)
        unit.grants.add(make_grant(sid=opened.sid, code_used_at=NOW))
    unit.sessions.find(session.secret_digest, NOW)
    unit.sessions.find_all(SUB, NOW)
    unit.sessions.touch(session.sid, last_seen_at=NOW, idle_expires_at=after(hours=1))
    unit.sessions.renew(session)
    unit.grants.add(make_grant(once_id="request"))
    unit.grants.was_answered("request")
    unit.grants.find("grant")
    unit.grants.find_client_ids(session.sid)
    unit.grants.find_latest_by_client(SUB)
    unit.grants.redeem_code("grant", refresh_generation=1, now=NOW)
    unit.grants.rotate_refresh("grant", client_id=CLIENT_ID, generation=1, now=NOW)
    unit.grants.revoke("grant", NOW)
    unit.grants.revoke_for_client(SUB, CLIENT_ID, NOW)
    unit.grants.revoke_all(SUB, NOW)
    unit.sessions.end(session.sid, NOW)
    unit.sessions.end_all(SUB, NOW)


def _call_clients(unit: Any) -> None:  # noqa: ANN401
    unit.clients.find(CLIENT_ID)
    unit.clients.find_all()
    unit.consents.remember(SUB, CLIENT_ID, frozenset({"openid"}), request_id="r", now=NOW)
    unit.consents.find(SUB, CLIENT_ID)
    unit.consents.withdraw(SUB, CLIENT_ID, NOW)
    unit.clients.remove(CLIENT_ID, NOW)
    unit.pushed_requests.add("ref", CLIENT_ID, {}, expires_at=after(hours=1))
    unit.pushed_requests.find("ref")
    unit.pushed_requests.consume("ref", NOW)
    unit.client_assertions.consume(CLIENT_ID, "jti", expires_at=after(hours=1))
    unit.key_uses.record(CLIENT_ID, algorithm="RS256", kid="kid", now=NOW)
    unit.key_uses.find_all()


def _call_outbox(unit: Any) -> None:  # noqa: ANN401
    unit.outbox.enqueue_mail("activation", to="a@example.org", parameters={}, now=NOW)
    unit.outbox.enqueue_logout_notice(CLIENT_ID, SUB, sid="s", now=NOW)
    (item,) = unit.outbox.lease(
        OutboxKind.MAIL, worker="w", limit=1, lease_until=after(hours=1), now=NOW
    )
    unit.outbox.mark_failed(item.id, "w", error="e", next_attempt_at=NOW, now=NOW)
    unit.outbox.mark_delivered(item.id, "w", NOW)
    unit.outbox.mark_dead(item.id, "w", error="e", now=NOW)
    unit.outbox.bury_expired(NOW)
    unit.outbox.retry(item.id, NOW)
    for state in (None, OutboxState.DEAD):
        unit.outbox.find_page(state)
        unit.outbox.find_page(state, after=item)
    unit.outbox.depth(NOW)


def _call_audit(unit: Any) -> None:  # noqa: ANN401
    unit.audit.record(Event.LOGIN_FAILED, finess=FINESS)
    unit.audit.tell_committed()
    unit.audit.forget_untold()
    for query in (
        AuditQuery(),
        AuditQuery(name="login.failed"),
        AuditQuery(finess=FINESS),
        AuditQuery(client_id=CLIENT_ID),
        AuditQuery(since=NOW, until=NOW),
        AuditQuery(name="login.failed", finess=FINESS, client_id=CLIENT_ID, since=NOW, until=NOW),
    ):
        unit.audit.find(query)
