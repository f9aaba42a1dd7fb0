"""How often a network may ask: one table, from views to the settings of `[limits]`.

The counts lie in Redis where it is set, else in each process's memory. Where a secret is tried, a
Redis that is away means 503: fail closed. Elsewhere the request goes on uncounted.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from time import monotonic
from typing import Any

import structlog
from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from limits.errors import StorageError
from redis.backoff import NoBackoff
from redis.retry import Retry
from werkzeug.exceptions import TooManyRequests

from idp.accounts.networks import find_networks
from idp.settings import Settings
from idp.web.errors import show_http_error, show_unavailable

View = Callable[..., Any]
LimitDecorator = Callable[[View], View]

# Which setting of [limits] counts which views (blueprint.function).
CLOSED_VIEWS: Mapping[str, tuple[str, ...]] = {
    "login": ("login.sign_in",),
    "registration": (
        "registration.prove",
        "registration.register",
        "update.prove",
        "update.register",
    ),
    "reset": ("reset.ask", "reset.prove_code", "reset.set_password"),
}
OPEN_VIEWS: Mapping[str, tuple[str, ...]] = {
    "authorize": ("authorize.authorize",),
    "token": (
        "token.issue_token",
        "par.push_request",
        "introspect.introspect_token",
        "revoke.revoke_token",
    ),
}

# A Redis that is away or hangs must not hold up requests: so long for an answer, one more try on a
# new connection (those of before a restart are dead), and nobody asks again for a moment.
_ANSWER_SECONDS = 0.5
_PAUSE_SECONDS = 1.0
_REDIS_OPTIONS = {"socket_timeout": _ANSWER_SECONDS, "socket_connect_timeout": _ANSWER_SECONDS}


class LimitsAwayError(Exception):
    """Requests cannot be counted at the moment."""


class _Store:
    """Where the counts lie, as this process knows it: there, or away for a moment."""

    def __init__(self, timer: Callable[[], float] = monotonic) -> None:
        self._timer = timer
        self._away_until = 0.0

    def guard(self, counted: View, *, uncounted: View | None) -> View:
        """Return a view that counts; while the store is away it is `uncounted`, or refuses."""

        @wraps(counted)
        def view(**arguments: object) -> Any:  # noqa: ANN401 - a view's answer
            if self._timer() >= self._away_until:
                try:
                    return counted(**arguments)
                except StorageError as error:
                    self._away_until = self._timer() + _PAUSE_SECONDS
                    structlog.get_logger("idp.limits").warning("limits.away", exc_info=error)
            if uncounted is None:
                raise LimitsAwayError
            return uncounted(**arguments)

        return view


def limit_requests(app: Flask, settings: Settings) -> None:
    """Apply the table to the views of an app whose blueprints are all registered."""
    limiter, store = _build_limiter(settings), _Store()
    _join_without_hooks(limiter, app)
    for name, views in {**CLOSED_VIEWS, **OPEN_VIEWS}.items():
        if limit := getattr(settings.limits, name):
            shared = limiter.shared_limit(limit, scope=views[0])
            for view in views:
                _limit_view(app, view, shared, store)
    if limit := settings.limits.everyone_login:
        everyone = limiter.shared_limit(limit, scope="everyone_login", key_func=lambda: "everyone")
        _limit_view(app, "login.sign_in", everyone, store)
    app.register_error_handler(RateLimitExceeded, _show_too_many)
    app.register_error_handler(LimitsAwayError, show_unavailable)


def network_key() -> str:
    """Return the network that asks: /24 of IPv4, /64 of IPv6."""
    networks = find_networks(request.remote_addr or "")
    return networks[0].name if networks else "unknown"


def _join_without_hooks(limiter: Limiter, app: Flask) -> None:
    """Let the views of the tables alone pay for limits: the extension would look at each request.

    One that is among the application's limiters already installs no hooks of its own.
    """
    app.extensions.setdefault("limiter", set()).add(limiter)
    limiter.init_app(app)


def _build_limiter(settings: Settings) -> Limiter:
    url = settings.redis.url.get_secret_value()
    options: dict[str, Any] = {"wrap_exceptions": True}
    if url:
        options |= {**_REDIS_OPTIONS, "retry": Retry(NoBackoff(), retries=1)}
    return Limiter(
        network_key,
        storage_uri=url or "memory://",
        strategy="fixed-window",
        headers_enabled=False,
        storage_options=options,
    )


def _limit_view(app: Flask, view: str, decorate: LimitDecorator, store: _Store) -> None:
    uncounted = app.view_functions[view]
    is_closed = any(view in views for views in CLOSED_VIEWS.values())
    counted = store.guard(decorate(uncounted), uncounted=None if is_closed else uncounted)
    app.view_functions[view] = counted


def _show_too_many(error: RateLimitExceeded) -> Response:
    return show_http_error(TooManyRequests(retry_after=int(error.limit.limit.get_expiry())))
