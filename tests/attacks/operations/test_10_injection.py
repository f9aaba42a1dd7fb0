"""Attack cases C101 and C102: texts that would be SQL, templates, scripts or headers."""

from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest

from idp.accounts.practitioner import Practitioner
from idp.protocol.client_faults import find_client_faults
from tests.attacks.people import dump_rows
from tests.support.protocol_house import SECRET, authorization_parameters, code_parameters
from tests.support.provider import FINESS, THIRD_SITE, WAITING_SITE, Provider
from tests.support.statement_counts import count_statements
from tests.support.visitor import Visitor

MARK = "zqx7"
HOSTILE = "{{7*7}}<script>alert(1)</script>${7*7}"
CORPUS = (
    f"{MARK}' OR '1'='1",
    f"{MARK}'; DROP TABLE accounts; --",
    f'{MARK}" UNION VALUES (1, 2) --',
    f"{MARK}'||(SELECT pg_sleep(9))||'",
    f"{MARK}') OR randomblob(900000000) --",
    f"{MARK}\\'; SELECT 1 /*",
    f"{MARK}\N{FULLWIDTH APOSTROPHE} OR 1=1",
    f"{MARK}\0",
    f"{MARK}%27%20OR%201=1",
    f"{MARK}{{{{7*7}}}}${{7*7}}",
    f"{MARK}{'A' * 5000}'",
)
PAGES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("/connexion", "login-submit", ("finess", "password", "request", "suite", "shared_computer")),
    ("/inscription", "proof-submit", ("finess", "iban_suffix", "request")),
    ("/mot-de-passe-oublie", "reset-request-submit", ("finess", "email", "request")),
)
PLAIN_FORMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("/reinitialisation", ("ticket", "finess", "code")),
    ("/activation", ("ticket",)),
    ("/inscription/compte", ("proof", "email", "password")),
    ("/compte/email/annulation", ("ticket",)),
)
HEADERS = (
    *("Accept-Language", "User-Agent", "X-Request-ID", "X-Forwarded-For", "Referer", "Origin"),
    *("Authorization", "Cookie", "If-None-Match"),
)
COOKIES = ("session", "csrf", "flow", "device")


class Sent(NamedTuple):
    """One request, before it is sent."""

    method: str
    path: str
    form: dict[str, str] | None = None
    headers: dict[str, str] | None = None


def list_requests(visitor: Visitor, text: str) -> Iterator[Sent]:
    """Yield a request for each place where a text may be put."""
    for path, button, names in PAGES:
        fields = visitor.open(path).find_form(button).fields
        yield from (Sent("POST", path, {**fields, "finess": FINESS, name: text}) for name in names)
    token = visitor.open("/connexion").find_form("login-submit").fields["csrf_token"]
    for path, names in PLAIN_FORMS:
        yield from (Sent("POST", path, {"csrf_token": token, name: text}) for name in names)
    for name in (*authorization_parameters(), "login_hint", "prompt", "id_token_hint", "claims"):
        query = "&".join(
            f"{key}={quote(value, errors='surrogatepass')}"
            for key, value in authorization_parameters(**{name: text}).items()
        )
        yield Sent("GET", f"/authorize?{query}")
    for name in code_parameters("x"):
        yield Sent("POST", "/token", {**code_parameters("x"), name: text})
    client = {"client_id": "site", "client_secret": SECRET}
    yield from (
        Sent("POST", path, {**client, "token": text}) for path in ("/revoke", "/introspect")
    )
    yield Sent("GET", "/end_session?id_token_hint=" + quote(text, errors="surrogatepass"))
    yield Sent("GET", "/activation?token=" + quote(text, errors="surrogatepass"))
    header = text.encode("utf-8", "replace").decode("latin-1").replace("\0", "")
    yield from (Sent("GET", "/compte", headers={name: header}) for name in HEADERS)
    yield from (Sent("GET", "/compte", headers={"Cookie": f"__Host-{n}={header}"}) for n in COOKIES)


@pytest.mark.parametrize("text", CORPUS, ids=range(len(CORPUS)))
def test_c101_sql(provider: Provider, text: str) -> None:
    """C101: in no field, parameter or header is it SQL: bound, never a 5xx, never slow."""
    provider.add_account()
    visitor = provider.open_browser()
    with count_statements(provider.running.built.database) as counts:
        for sent in list_requests(visitor, text):
            began = perf_counter()
            answer = visitor.request(*sent)
            assert answer.status_code < 500, sent
            assert perf_counter() - began < 5, sent
    assert counts.statements
    assert not [statement for statement in counts.statements if MARK in statement]
    assert provider.find_account()


def test_c102_names_are_text(provider: Provider, visitor: Visitor) -> None:
    """C102: names of clients and practitioners are neither template nor markup, page or mail."""
    with provider.running.built.open_unit() as unit:
        unit.clients.save(replace(THIRD_SITE, client_id="hostile", name=HOSTILE))
        unit.commit()
    account = provider.add_account()
    with provider.running.built.open_unit() as unit:
        unit.practitioners.save(
            Practitioner(finess=FINESS, name=HOSTILE, updated_at=account.created_at)
        )
        unit.commit()
    login = provider.start_at_site(visitor, client_id="hostile")
    consent = provider.sign_in(visitor, page=login)
    pages = [login, consent, visitor.open("/compte")]
    for page in pages:
        assert "{{7*7}}&lt;script&gt;" in page.html
        assert "<script>alert" not in page.html
        assert "49" not in page.html.partition("{{7*7}}")[2][:40]
    assert HOSTILE not in dump_rows(provider).partition("outbox:")[2]


@pytest.mark.parametrize(
    "field, value",
    [
        ("logo", "javascript:alert(1)"),
        ("logo", "https://evil.example/logo.svg"),
        ("logo", "/static/../keys/key.json"),
        ("initiate_login_uri", "javascript:alert(1)"),
        ("backchannel_logout_uri", "data:text/html,x"),
        ("name", "Site\r\nBcc: evil@example.org"),
    ],
)
def test_c102_addresses_that_run(field: str, value: str) -> None:
    """C102: an address that a browser would run, or fetch elsewhere, cannot be registered."""
    changed: dict[str, Any] = {field: value}
    assert not find_client_faults(WAITING_SITE)
    assert find_client_faults(replace(WAITING_SITE, **changed))
