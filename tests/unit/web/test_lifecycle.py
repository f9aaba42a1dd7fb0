"""One unit of work a request, committed once, whatever the answer; what Flask does by itself."""

from types import SimpleNamespace

import pytest
from flask import Flask, abort
from werkzeug.exceptions import HTTPException
from werkzeug.test import EnvironBuilder

from idp.clock import SystemClock
from idp.store.errors import StoreUnavailableError
from idp.web.context import RequestContext, find_current
from idp.web.lifecycle import ProviderFlask

REFUSED, AWAY = 429, 503


class Unit:
    """A unit of work that counts its commits; `is_away` makes them fail."""

    def __init__(self) -> None:
        self.commits = 0
        self.is_away = False

    def commit(self) -> None:
        """Count it, or fail."""
        if self.is_away:
            raise StoreUnavailableError("away")
        self.commits += 1

    def close(self) -> None:
        """Have nothing to give back."""


@pytest.fixture
def unit() -> Unit:
    """The one unit of work of every request."""
    return Unit()


@pytest.fixture
def app(unit: Unit) -> Flask:
    """An application whose only page is refused after it wrote."""
    app = ProviderFlask("idp.web")

    def begin() -> None:
        context = RequestContext(SimpleNamespace(clock=SystemClock()), "id")  # type: ignore[arg-type]
        context.__dict__["uow"] = unit
        context.enter()

    def end(_: BaseException | None) -> None:
        if context := find_current():
            context.leave()

    def refuse() -> str:
        abort(REFUSED)

    app.before_request(begin)
    app.teardown_request(end)
    app.add_url_rule("/", view_func=refuse)
    app.register_error_handler(HTTPException, lambda error: ("", error.code))
    app.register_error_handler(StoreUnavailableError, lambda _: ("", AWAY))
    return app


def test_refused_request_is_committed_once(app: Flask, unit: Unit) -> None:
    """What was written before an error page stays."""
    assert app.test_client().get("/").status_code == REFUSED
    assert unit.commits == 1


def test_database_away_at_an_error_page_is_no_fault_of_ours(app: Flask, unit: Unit) -> None:
    """It is told as everywhere: 503, not 500."""
    unit.is_away = True
    assert app.test_client().get("/").status_code == AWAY


def test_answer_leaves_in_one_piece(app: Flask) -> None:
    """The server gets a list: it would send anything else piece by piece."""
    answer = app(EnvironBuilder("/").get_environ(), lambda *_: len)
    assert isinstance(answer, list)


@pytest.mark.parametrize("path", ["/", "//a//b", "/é?name=é", "/%ff", "/a/../b"])
def test_routes_as_flask_does(app: Flask, path: str) -> None:
    """What the address is made of is the same, under a folder too."""
    request = app.request_class(EnvironBuilder(path, "https://idp.test/folder").get_environ())
    ours, flasks = app.create_url_adapter(request), Flask.create_url_adapter(app, request)
    assert ours is not None
    assert flasks is not None
    assert vars(ours) == vars(flasks)
