"""Where the counts of rate limits lie: in Redis where it is set, else in each process's memory.

A Redis that is away or hangs must not hold up requests: so long for an answer, one more try on a
new connection (those of before a restart are dead), and nobody asks again for a moment.
"""

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from time import monotonic
from typing import Any

import structlog
from flask_limiter import Limiter
from limits.errors import StorageError

View = Callable[..., Any]

_ANSWER_SECONDS = 0.5
_PAUSE_SECONDS = 1.0
_REDIS_OPTIONS = {"socket_timeout": _ANSWER_SECONDS, "socket_connect_timeout": _ANSWER_SECONDS}


class CountsAwayError(Exception):
    """Requests cannot be counted at the moment."""


class CountGuard:
    """Whether the counts are there or away for a moment, as this process knows it."""

    def __init__(self, timer: Callable[[], float] = monotonic) -> None:
        self._timer = timer
        self._away_until = 0.0

    def protect(self, counted: View, *, otherwise: View | None) -> View:
        """Return a view that counts; while the counts are away it is `otherwise`.

        Where that is None, the view raises CountsAwayError.
        """

        @wraps(counted)
        def view(**arguments: object) -> Any:  # noqa: ANN401 - a view's answer
            if self._timer() >= self._away_until:
                try:
                    return counted(**arguments)
                except StorageError as error:
                    self._away_until = self._timer() + _PAUSE_SECONDS
                    structlog.get_logger("idp.limits").warning("limits.away", exc_info=error)
            if otherwise is None:
                raise CountsAwayError
            return otherwise(**arguments)

        return view


def build_limiter(find_network: Callable[[], str], redis_url: str) -> Limiter:
    """Return what counts requests, by the network that `find_network` finds for the one at hand.

    Args:
        find_network: names the network of the request at hand.
        redis_url: where the counts are shared; empty: each process keeps its own.

    """
    options: dict[str, Any] = {"wrap_exceptions": True}
    if redis_url:
        options |= {**_REDIS_OPTIONS, "retry": _retry_once()}
    return Limiter(
        find_network,
        storage_uri=redis_url or "memory://",
        strategy="fixed-window",
        headers_enabled=False,
        storage_options=options,
    )


def _retry_once() -> Any:  # noqa: ANN401 - redis's own
    """Import redis for who uses it: it costs a tenth of a second and some megabytes."""
    backoff, retry = import_module("redis.backoff"), import_module("redis.retry")
    return retry.Retry(backoff.NoBackoff(), retries=1)
