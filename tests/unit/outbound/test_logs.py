"""Log lines: JSON, dated by our clock, without secrets, from whichever library."""

import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from idp.outbound.audit_log import log_event
from idp.outbound.logs import configure_logging
from tests.unit.outbound.fakes import MovableClock

CANARY = "canary-secret"


class Lines:
    """What was logged."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        """Everything, as it was written."""
        return self.stream.getvalue()

    @property
    def last(self) -> dict[str, Any]:
        """The last line."""
        line: dict[str, Any] = json.loads(self.text.splitlines()[-1])
        return line


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Logging as the provider configures it; how it was before comes back after."""
    root = logging.getLogger()
    handlers, level, hooks = root.handlers[:], root.level, (sys.excepthook, threading.excepthook)
    kept = Lines()
    configure_logging(MovableClock(), stream=kept.stream)
    yield kept
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook, threading.excepthook = hooks
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_line_is_json_with_date_level_and_request(lines: Lines) -> None:
    """A line says when, how grave, what, and within which request."""
    with structlog.contextvars.bound_contextvars(request_id="K7QF3M2P"):
        structlog.get_logger("idp.test").info("mail.sent", tries=2)
    assert lines.last == {
        "at": "2026-03-02T09:30:00.000+00:00",
        "level": "info",
        "logger": "idp.test",
        "event": "mail.sent",
        "request_id": "K7QF3M2P",
        "tries": 2,
    }


def test_librarys_line_is_like_ours(lines: Lines) -> None:
    """A library's text is masked and dated as ours is."""
    logging.getLogger("some.library").warning("refused %s", "camille@orange.fr")
    assert lines.last["event"] == "refused c***@orange.fr"
    assert lines.last["logger"] == "some.library"


@pytest.mark.parametrize("name", ["authlib", "authlib.oauth2", "sqlalchemy.engine", "httpcore"])
def test_talkative_libraries_are_quiet(name: str, lines: Lines) -> None:
    """At the least grave level they print tokens and parameters; they are kept above it."""
    logging.getLogger().setLevel(logging.DEBUG)
    logging.getLogger(name).debug("token %s", CANARY)
    logging.getLogger(name).info("token %s", CANARY)
    assert lines.text == ""


def fail_with_secret() -> None:
    """Raise an exception whose message, cause and local values hold a secret."""
    password = CANARY
    try:
        int(password)
    except ValueError as error:
        raise KeyError(password) from error


def test_exception_is_told_without_its_message(lines: Lines) -> None:
    """Classes and places of the whole chain are told, and nothing that anybody typed."""
    try:
        fail_with_secret()
    except KeyError:
        structlog.get_logger("idp.test").exception("request.failed")
        logging.getLogger("some.library").exception("failed")
    assert CANARY not in lines.text
    told = lines.last["error"]
    assert [line for line in told if not line.startswith(" ")] == [
        "builtins.KeyError",
        "builtins.ValueError",
    ]
    assert any("in fail_with_secret" in line for line in told)


def test_uncaught_exception_is_told_the_same_way(lines: Lines) -> None:
    """What ends the process or a thread shows no message on standard error either."""
    thread = threading.Thread(target=fail_with_secret)
    thread.start()
    thread.join()
    assert lines.last["event"] == "thread.failed"
    try:
        fail_with_secret()
    except KeyError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert lines.last["event"] == "process.failed"
    assert CANARY not in lines.text


def test_audit_event_becomes_a_masked_line(lines: Lines) -> None:
    """The trail knows the number; the log only hints at it. Details stay in the trail."""
    log_event(
        {
            "name": "login.failed",
            "finess": "990000010",
            "client_id": "site",
            "reason": "wrong_password",
            "details": {"anything": CANARY},
        }
    )
    assert lines.last["event"] == "login.failed"
    assert lines.last["finess"] == "99*****10"
    assert CANARY not in lines.text
