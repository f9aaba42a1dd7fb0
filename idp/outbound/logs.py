"""Logs: one JSON object a line, on standard error, ours and the libraries' alike.

No line holds a whole FINESS number or address. An exception is told by its class and by where it
passed, never by its message or the values around it: those may hold what somebody typed.
"""

import logging
import sys
import threading
import traceback
from collections.abc import Sequence
from types import TracebackType
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from idp.clock import Clock
from idp.outbound.masking import mask_all

# Loggers that print requests, tokens or SQL parameters when they are told to say more.
_QUIET = (
    "alembic",
    "authlib",
    "sqlalchemy",
    "httpcore",
    "urllib3",
    "asyncio",
    "werkzeug",
    "limits",
)


def configure_logging(clock: Clock, *, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send every log line of this process, whichever library wrote it, through this page.

    Args:
        clock: dates the lines.
        level: the least grave level that is written, such as "INFO" or "WARNING".
        stream: where to; standard error unless told.

    """
    shared = _list_processors(clock)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_make_formatter(shared))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _log_end_of_process
    threading.excepthook = _log_end_of_thread


def _list_processors(clock: Clock) -> list[Processor]:
    """Return what every line goes through, ours and those of libraries alike."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        _Dating(clock),
        _tell_exception,
        _mask_event,
    ]


def _make_formatter(shared: Sequence[Processor]) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


class _Dating:
    """Dates each line in UTC."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["at"] = self._clock.now().isoformat(timespec="milliseconds")
        return event


def _tell_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its classes and the places it passed."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    elif isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = describe_exception(error)
    return event


def describe_exception(error: BaseException) -> list[str]:
    """Return one line for each exception of a chain, the latest first, and each place it passed."""
    lines: list[str] = []
    told: BaseException | None = error
    while told is not None:
        lines.append(f"{type(told).__module__}.{type(told).__qualname__}")
        lines += [f"  {place}" for place in _list_places(told.__traceback__)]
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)
    return lines


def _list_places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)
    return [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]


def _mask_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {
        name: value if name.startswith("_") else mask_all(value) for name, value in event.items()
    }


def _log_end_of_process(
    _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
) -> None:
    """Tell what ends the process like any other exception: Python's own way shows its message."""
    structlog.get_logger("idp").critical("process.failed", exc_info=error)


def _log_end_of_thread(ended: threading.ExceptHookArgs) -> None:
    structlog.get_logger("idp").critical("thread.failed", exc_info=ended.exc_value)
