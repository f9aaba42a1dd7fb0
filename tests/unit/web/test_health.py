"""/healthz and /readyz: what takes a process out of service, and what only warns."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from idp.web.endpoints.health import build_health


class House:
    """A process whose parts can be broken; `told` has the names of what was reported."""

    def __init__(self) -> None:
        self.broken: set[str] = set()
        self.told: list[str] = []
        app = Flask(__name__)
        app.register_blueprint(
            build_health(
                {"database": self._check("database"), "keys": self._check("keys")},
                {"outbox": self._check("outbox")},
                lambda name, _error: self.told.append(name),
            )
        )
        self._client = app.test_client()

    def ask(self, path: str) -> TestResponse:
        """Ask one of the two addresses."""
        return self._client.get(path)

    def _check(self, name: str) -> Callable[[], None]:
        def check() -> None:
            if name in self.broken:
                raise OSError("a password of the database")

        return check


@pytest.fixture
def house() -> House:
    """A process in good health."""
    return House()


def test_whole_process_is_ready(house: House) -> None:
    """Everything in order: 200, and what was looked at."""
    answer = house.ask("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ok",
        "checks": {"database": "ok", "keys": "ok", "outbox": "ok"},
    }
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["database", "keys"])
def test_process_that_cannot_serve_is_not_ready(name: str, house: House) -> None:
    """Without its database or keys a process is taken out of service, and says for how long."""
    house.broken.add(name)
    answer = house.ask("/readyz")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.json["checks"][name] == "failed"  # type: ignore[index]
    assert house.told == [name]


def test_old_outbox_only_warns(house: House) -> None:
    """A mail server that is away must not take every node out of service."""
    house.broken.add("outbox")
    answer = house.ask("/readyz")
    assert answer.status_code == 200
    assert answer.json["checks"]["outbox"] == "warning"  # type: ignore[index]


def test_what_is_wrong_is_not_shown(house: House) -> None:
    """The answer names the part; the words of the exception are for the log."""
    house.broken |= {"database", "outbox"}
    assert b"password" not in house.ask("/readyz").data


def test_alive_is_not_ready(house: House) -> None:
    """/healthz answers whatever is away: restarting the process would not bring it back."""
    house.broken |= {"database", "keys", "outbox"}
    assert house.ask("/healthz").status_code == 200
