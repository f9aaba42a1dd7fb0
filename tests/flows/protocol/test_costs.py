"""What requests cost: statements, commits and signatures, counted one request at a time."""

from collections import Counter

import pytest

from idp.signing.key_material import KeyMaterial
from tests.support.protocol_house import SECRET, authorization_parameters
from tests.support.provider_app import Browser, ProviderApp
from tests.support.statement_counts import count_statements


@pytest.fixture
def signatures(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each algorithm signed since the test began."""
    counted: Counter[str] = Counter()
    sign = KeyMaterial.sign

    def count_and_sign(key: KeyMaterial, payload: bytes, *, typ: str | None) -> str:
        counted[key.algorithm] += 1
        return sign(key, payload, typ=typ)

    monkeypatch.setattr(KeyMaterial, "sign", count_and_sign)
    return counted


def test_login_page_writes_nothing(provider: ProviderApp, browser: Browser) -> None:
    """A stranger's request and the login page: no commit, one read at most."""
    with count_statements(provider.built.database) as counts:
        browser.get(browser.authorize().location)
    assert counts.commits == 0
    assert len(counts.statements) <= 1


def test_silent_sign_in(
    provider: ProviderApp, signed_in: Browser, signatures: Counter[str]
) -> None:
    """Authorize and token: two reads, two writes, two commits, one RSA signature."""
    signed_in.get_tokens()
    signatures.clear()
    with count_statements(provider.built.database) as counts:
        signed_in.get_tokens()
    assert verbs(counts.statements) == ["SELECT", "INSERT", "SELECT", "UPDATE"]
    assert counts.commits == 2
    assert signatures == {"RS256": 1, "ES256": 1}


def test_refresh(provider: ProviderApp, signed_in: Browser, signatures: Counter[str]) -> None:
    """One write that reads as well, one commit, one RSA signature."""
    token = signed_in.get_tokens()["refresh_token"]
    signatures.clear()
    with count_statements(provider.built.database) as counts:
        signed_in.refresh(token)
    assert verbs(counts.statements) == ["UPDATE"]
    assert counts.commits == 1
    assert signatures == {"RS256": 1, "ES256": 1}


def test_introspection_and_userinfo(provider: ProviderApp, signed_in: Browser) -> None:
    """One read each, nothing written."""
    token = signed_in.get_tokens()["access_token"]
    with count_statements(provider.built.database) as counts:
        signed_in.introspect(token)
        signed_in.userinfo(token)
    assert verbs(counts.statements) == ["SELECT", "SELECT"]
    assert counts.commits == 0


def test_discovery_and_keys(provider: ProviderApp, browser: Browser) -> None:
    """No statement at all."""
    with count_statements(provider.built.database) as counts:
        browser.get("/.well-known/openid-configuration")
        browser.get("/jwks.json")
    assert counts.statements == []


def test_third_party_costs_one_read_more(provider: ProviderApp, signed_in: Browser) -> None:
    """Only a site that needs consent has its consent read."""
    provider.built.services.clients.find("third")
    with count_statements(provider.built.database) as counts:
        signed_in.authorize(client_id="third")
    assert verbs(counts.statements) == ["SELECT", "SELECT"]


def verbs(statements: list[str]) -> list[str]:
    """Return the first word of each statement."""
    return [statement.split(maxsplit=1)[0] for statement in statements]


def test_revocation(provider: ProviderApp, signed_in: Browser) -> None:
    """One read, one write: the grant dies, and with it everything."""
    token = signed_in.get_tokens()["access_token"]
    parameters = {"token": token, "client_id": "site", "client_secret": SECRET}
    with count_statements(provider.built.database) as counts:
        signed_in.post("/revoke", data=parameters)
    assert verbs(counts.statements) == ["SELECT", "UPDATE"]
    assert counts.commits == 1


def test_pushed_request(provider: ProviderApp, signed_in: Browser) -> None:
    """A row when it is pushed; when it is answered, one read and one write more than else."""
    provider.built.services.clients.find("site")
    parameters = authorization_parameters(client_secret=SECRET)
    with count_statements(provider.built.database) as counts:
        pushed = signed_in.post("/par", data=parameters).get_json()
    assert verbs(counts.statements) == ["INSERT"]
    assert counts.commits == 1
    query = {"client_id": "site", "request_uri": pushed["request_uri"]}
    with count_statements(provider.built.database) as counts:
        signed_in.get("/authorize", query_string=query)
    assert verbs(counts.statements) == ["SELECT", "SELECT", "INSERT", "UPDATE"]
    assert counts.commits == 1


def test_refused_token_request(provider: ProviderApp, browser: Browser) -> None:
    """A wrong secret: nothing is read, and the trail gets a row."""
    provider.built.services.clients.find("site")
    with count_statements(provider.built.database) as counts:
        assert browser.redeem("code", client_secret="wrong").status_code == 401
    assert verbs(counts.statements) == ["INSERT"]
    assert counts.commits == 1
