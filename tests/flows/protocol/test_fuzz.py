"""Random requests to the protocol's endpoints: whatever comes in, nothing ends in a 5xx."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from idp.protocol.metadata import ENDPOINTS
from idp.protocol.vocabulary import AUTHORIZATION_PARAMETERS
from tests.support.databases import Databases
from tests.support.protocol_house import authorization_parameters, code_parameters
from tests.support.provider_app import ProviderApp, build_settings
from tests.support.provider_fixtures import CLIENTS

FORM = "application/x-www-form-urlencoded"
NAMES = sorted(
    {
        *AUTHORIZATION_PARAMETERS,
        *code_parameters(""),
        "token",
        "refresh_token",
        "client_assertion",
        "client_assertion_type",
        "logout",
        "post_logout_redirect_uri",
        "access_token",
        "answer",
    }
)
GOOD = [*authorization_parameters().values(), *code_parameters("x").values(), "confirm", "none"]
AWKWARD = st.one_of(
    st.binary(max_size=40),
    st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(GOOD).map(str.encode),
    st.sampled_from(
        [b"'\"`;--", b"{}", b"[[[[", b"a.b.c", b"..", b"%00", b"\r\nX: y", b"9" * 400, b"-1"]
    ),
)
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), AWKWARD), max_size=12)
HEADERS = st.dictionaries(
    st.sampled_from(["Authorization", "Origin", "Cookie", "Accept-Language", "X-Forwarded-For"]),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=60),
    max_size=3,
)
CONTENT_TYPES = st.sampled_from(
    [FORM, f"{FORM}; charset=\xe9", "application/json", "multipart/form-data", ""]
)


@pytest.fixture(scope="module")
def fuzzed(keys_folder: Path, sqlite_databases: Databases) -> Iterator[ProviderApp]:
    """One provider for all the noise."""
    name = sqlite_databases.create_migrated()
    provider = ProviderApp.start(build_settings(keys_folder, sqlite_databases.url(name)), *CLIENTS)
    yield provider
    provider.close()
    sqlite_databases.drop(name)


def encode(pairs: list[tuple[str, bytes]]) -> str:
    """Return parameters as a form has them."""
    return "&".join(f"{name}={quote_from_bytes(value)}" for name, value in pairs)


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    path=st.sampled_from([*ENDPOINTS.values(), "/consentement"]),
    method=st.sampled_from(["GET", "POST", "OPTIONS", "PUT", "HEAD"]),
    query=PAIRS,
    body=PAIRS,
    headers=HEADERS,
    content_type=CONTENT_TYPES,
)
def test_noise_is_never_a_fault_of_ours(
    fuzzed: ProviderApp,
    *,
    path: str,
    method: str,
    query: list[tuple[str, bytes]],
    body: list[tuple[str, bytes]],
    headers: dict[str, str],
    content_type: str,
) -> None:
    """Parameters, headers and bodies of any kind are answered below 500."""
    answer = fuzzed.open_browser().open(
        f"{path}?{encode(query)}",
        method=method,
        data=encode(body),
        headers=headers,
        content_type=content_type,
    )
    assert answer.status_code < 500, answer.text


@settings(max_examples=200, deadline=None)
@given(changed=st.sampled_from(AUTHORIZATION_PARAMETERS), value=AWKWARD)
def test_one_odd_parameter_is_never_a_fault_of_ours(
    fuzzed: ProviderApp, changed: str, value: bytes
) -> None:
    """A good request with one odd value goes far into the checks, and is answered."""
    browser = fuzzed.open_browser()
    fuzzed.sign_in(browser)
    good = [(n, v.encode()) for n, v in authorization_parameters().items() if n != changed]
    answer = browser.get(f"/authorize?{encode([*good, (changed, value)])}")
    assert answer.status_code < 500, answer.text


@settings(max_examples=200, deadline=None)
@given(changed=st.sampled_from(sorted(code_parameters(""))), value=AWKWARD)
def test_one_odd_token_parameter_is_never_a_fault_of_ours(
    fuzzed: ProviderApp, changed: str, value: bytes
) -> None:
    """The same at the token endpoint, with a code that is good."""
    browser = fuzzed.open_browser()
    fuzzed.sign_in(browser)
    parameters = code_parameters(browser.get_code())
    good = [(n, v.encode()) for n, v in parameters.items() if n != changed]
    answer = browser.post("/token", data=encode([*good, (changed, value)]), content_type=FORM)
    assert answer.status_code < 500, answer.text
