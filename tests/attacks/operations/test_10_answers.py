"""Attack cases C105, C115 and C116: what every answer holds, errors included."""

import re
from collections.abc import Iterator
from typing import NoReturn

import pytest
from werkzeug.test import TestResponse

from tests.support.provider import Provider
from tests.support.visitor import Visitor

SECRET_MESSAGE = "canary-of-a-crash-1234"
FOR_EVERYBODY = {
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/jwks.json",
}
FRAMABLE = "/check_session"
ON_EVERY_ANSWER = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
}


def ask_everything(provider: Provider, visitor: Visitor) -> Iterator[tuple[str, TestResponse]]:
    """Ask every route by every method it has and some it has not; yield path and answer."""
    for rule in provider.running.app.url_map.iter_rules():
        path = re.sub("<[^>]+>", "site.css", rule.rule)
        for method in ("GET", "HEAD", "POST", "OPTIONS", "PUT", "TRACE"):
            answer = visitor.request(method, path, headers={"Origin": "https://evil.example"})
            answer.close()
            yield path, answer
    yield "/nothing", visitor.request("GET", "/nothing")


def fail_here() -> NoReturn:
    """Fail as a fault of ours would."""
    raise RuntimeError(SECRET_MESSAGE)


def test_c105_crash_is_a_plain_page(provider: Provider, visitor: Visitor) -> None:
    """C105: a fault of ours is a page with a reference, without stack, message or console."""
    provider.running.app.view_functions["information.show_help"] = fail_here
    page = visitor.open("/aide")
    assert page.status == 500
    assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", page.html)
    for telling in (SECRET_MESSAGE, "Traceback", "RuntimeError", ".py"):
        assert telling not in page.html
    assert visitor.request("GET", "/console?__debugger__=yes&cmd=1").status_code == 404


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "PUT", "X" * 100])
def test_c105_unknown_methods(visitor: Visitor, method: str) -> None:
    """C105: a method that a page does not have is a 405, and echoes nothing."""
    for path in ("/connexion", "/token", "/authorize"):
        answer = visitor.request(method, path, headers={"X-Canary": SECRET_MESSAGE})
        assert answer.status_code == 405
        assert SECRET_MESSAGE not in answer.get_data(as_text=True)


def test_c115_other_origins(provider: Provider, visitor: Visitor) -> None:
    """C115: other origins read discovery and keys alone; cookies never go along."""
    for path, answer in ask_everything(provider, visitor):
        assert "Access-Control-Allow-Credentials" not in answer.headers, path
        is_open = "Access-Control-Allow-Origin" in answer.headers
        assert not is_open or path in FOR_EVERYBODY, path
    for origin in ("null", "https://evil.example", "https://site.example.evil"):
        answer = visitor.request("GET", "/userinfo", headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_c116_headers_of_every_route(provider: Provider, visitor: Visitor) -> None:
    """C116: every route and method answers under the same protection, and keeps nothing around."""
    asked = list(ask_everything(provider, visitor))
    assert len({path for path, _ in asked}) > 40
    for path, answer in asked:
        headers = answer.headers
        assert {name: headers.get(name) for name in ON_EVERY_ANSWER} == ON_EVERY_ANSWER, path
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert "unsafe" not in headers["Content-Security-Policy"], path
        assert "camera=()" in headers["Permissions-Policy"], path
        is_kept = path in FOR_EVERYBODY or path.startswith("/static/")
        assert is_kept or headers["Cache-Control"] == "no-store", path
        assert path == FRAMABLE or "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert answer.status_code < 500, path
