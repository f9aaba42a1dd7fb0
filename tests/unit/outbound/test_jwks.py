"""Fetching a client's keys: what comes back, and that nothing bad gets through."""

import pytest

from idp.outbound.http_client import Answer, ExchangeError
from idp.outbound.jwks import HttpJwksFetcher

URI = "https://site.example/jwks.json"


class Web:
    """A web that gives one answer, or is away."""

    def __init__(self, answer: Answer | None) -> None:
        self._answer = answer

    def get(self, url: str) -> Answer:
        """Return the answer."""
        if self._answer is None:
            raise ExchangeError(f"unknown host of {url}")
        return self._answer


def test_json_object_is_returned() -> None:
    """What the client published, as it is."""
    fetcher = HttpJwksFetcher(Web(Answer(200, b'{"keys": []}')))
    assert fetcher.fetch(URI) == {"keys": []}


@pytest.mark.parametrize(
    "answer",
    [
        None,
        Answer(404, b'{"keys": []}'),
        Answer(302, b""),
        Answer(200, b""),
        Answer(200, b"not json"),
        Answer(200, b"[]"),
        Answer(200, b"\xff\xfe"),
        Answer(200, b"[" * 50_000),
    ],
)
def test_anything_else_is_none(answer: Answer | None) -> None:
    """Away, refused, no JSON, no object, nested without end: no keys, and no exception."""
    assert HttpJwksFetcher(Web(answer)).fetch(URI) is None
