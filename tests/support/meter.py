"""What a request costs: statements that read, statements that change, commits, password hashes."""

from typing import NamedTuple

import pytest

from tests.support.provider import Provider
from tests.support.statement_counts import count_statements
from tests.support.visitor import Page, Visitor


class Cost(NamedTuple):
    """The numbers of one request."""

    reads: int = 0
    writes: int = 0
    commits: int = 0
    hashes: int = 0


class Meter:
    """Sends single requests, following nothing, and counts what they make the provider do."""

    def __init__(self, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
        self._built = provider.running.built
        self._hashes = 0
        monkeypatch.setattr(self._built.services.tools.hasher, "_on_hash", self._note_hash)
        for client in ("site", "third"):
            self._built.services.clients.find(client)  # kept for five seconds, as in any traffic

    def get(self, visitor: Visitor, address: str) -> Cost:
        """Return what opening an address costs."""
        return self._measure(visitor, "GET", address)

    def submit(self, visitor: Visitor, page: Page, button_id: str, **typed: str) -> Cost:
        """Return what pressing a button of a page costs."""
        form = page.find_form(button_id)
        fields = visitor.fill(form, button_id, **typed)
        return self._measure(visitor, "POST", form.action or page.address, fields)

    def _measure(
        self, visitor: Visitor, method: str, address: str, data: dict[str, str] | None = None
    ) -> Cost:
        hashes = self._hashes
        with count_statements(self._built.database) as counts:
            answer = visitor.request(method, address, data)
        assert answer.status_code < 500
        reads = sum(statement.startswith("SELECT") for statement in counts.statements)
        writes = len(counts.statements) - reads
        return Cost(reads, writes, counts.commits, self._hashes - hashes)

    def _note_hash(self, _seconds: float) -> None:
        self._hashes += 1
