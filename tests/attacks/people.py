"""What several attacks begin with, and what two answers are compared by."""

import re
from collections.abc import Sequence
from http.cookies import SimpleCookie

from idp.accounts.account import Account, AccountState
from idp.accounts.admin import disable_account
from idp.accounts.practitioner import Practitioner
from idp.accounts.visit import Visit
from idp.secret_values import random_id
from idp.store.audit import AuditEvent, AuditQuery
from idp.store.tables import metadata
from tests.support.provider import EMAIL, FINESS, NEW_PASSWORD, PASSWORD, Provider
from tests.support.visitor import Page, Visitor

WRONG = "Ce n’est pas 1 mot"
DISABLED_FINESS = "130000011"
SUSPENDED_EMAIL = "suspended@orange.example"


def admin_visit(provider: Provider) -> Visit:
    """Return an administrator's visit."""
    built = provider.running.built
    return Visit(tools=built.services.tools, uow=built.open_unit(), now=built.services.clock.now())


def add_disabled_account(provider: Provider, finess: str = DISABLED_FINESS) -> None:
    """Put a practitioner whose account is suspended into the database."""
    provider.add_account(finess, email=SUSPENDED_EMAIL)
    disable_account(admin_visit(provider), finess, reason="test")


def add_accounts(
    provider: Provider,
    numbers: Sequence[str],
    *,
    state: AccountState = AccountState.ACTIVE,
    password_hash: str | None = None,
) -> None:
    """Put accounts of these numbers into the database; PASSWORD opens each, its hash made once."""
    now = provider.clock.now()
    stored = password_hash or provider.running.built.services.tools.hasher.hash(PASSWORD)
    with provider.running.built.open_unit() as unit:
        for finess in numbers:
            unit.practitioners.save(Practitioner(finess=finess, name=finess, updated_at=now))
            account = Account(
                sub=random_id(),
                finess=finess,
                state=state,
                email=f"{finess}@orange.example",
                email_verified_at=now,
                password_hash=stored,
                password_changed_at=now,
                created_at=now,
            )
            assert unit.accounts.add(account)
        unit.commit()


def ask_reset(visitor: Visitor, *, finess: str = FINESS, email: str = EMAIL) -> Page:
    """Fill in Mot de passe oublié."""
    page = visitor.open("/mot-de-passe-oublie")
    return visitor.submit(page, "reset-request-submit", finess=finess, email=email)


def type_code(visitor: Visitor, link: str, code: str, *, finess: str = FINESS) -> Page:
    """Open a reset's link and type number and code."""
    return visitor.submit(visitor.open(link), "code-submit", finess=finess, code=code)


def choose_password(visitor: Visitor, page: Page, password: str = NEW_PASSWORD) -> Page:
    """Type a new password twice."""
    return visitor.submit(
        page, "password-submit", password=password, password_confirmation=password
    )


def comparable(page: Page, *typed: str) -> tuple[int, list[tuple[str, str]], str]:
    """Return status, headers and bytes, without what differs for everybody.

    That is the request's id, the nonce, the form's token, cookies' values, and what was typed.
    """
    html = page.html
    nonce = re.findall('nonce="([^"]+)"', html)
    token = re.findall('name="csrf_token" value="([^"]*)"', html)
    for varying in (*nonce, *token, *typed):
        html = html.replace(varying, "…")
    headers = [
        (name, _blank(name, value, nonce))
        for name, value in page.response.headers
        if name not in {"X-Request-ID", "Content-Length"}
    ]
    return page.status, sorted(headers), html


def _blank(name: str, value: str, nonce: list[str]) -> str:
    if name == "Set-Cookie":
        return ",".join(f"{cookie}={dict(m)}" for cookie, m in SimpleCookie(value).items())
    return value.replace(nonce[0], "…") if nonce else value


def dump_rows(provider: Provider) -> str:
    """Return every row of every table as text, as somebody who stole the database reads it."""
    with provider.running.built.database.engines.reader.connect() as connection:
        return "\n".join(
            f"{name}: {row}"
            for name in metadata.tables
            for row in connection.exec_driver_sql(f"SELECT * FROM {name}")  # noqa: S608 - our names
        )


def list_events(provider: Provider, name: str | None = None) -> list[AuditEvent]:
    """Return the audit trail's events, of one name if given, newest first."""
    with provider.running.built.open_unit() as unit:
        return list(unit.audit.find(AuditQuery(name=name), limit=10_000))


def count_hashes(provider: Provider) -> int:
    """Return how many password hashes the provider computed for those who came."""
    name = "idp_password_hash_duration_seconds_count"
    return int(provider.running.built.registry.get_sample_value(name) or 0)
