"""How often a network may ask: one table, from the settings of `[limits]` to views.

Where a secret is tried, counts that are away mean 503: fail closed. Elsewhere the request goes on
uncounted.
"""

from collections.abc import Callable, Mapping

from flask import Flask, Response
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from werkzeug.exceptions import TooManyRequests

from idp.accounts.networks import find_networks
from idp.settings import Settings
from idp.web.context import current
from idp.web.errors import show_http_error, show_unavailable
from idp.web.limit_counts import CountGuard, CountsAwayError, View, build_limiter

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


def limit_requests(app: Flask, settings: Settings) -> None:
    """Apply the table to the views of an app whose blueprints are all registered."""
    limiter = build_limiter(find_network, settings.redis.url.get_secret_value())
    _join_without_hooks(limiter, app)
    guard = CountGuard()
    for name, views in {**CLOSED_VIEWS, **OPEN_VIEWS}.items():
        if limit := getattr(settings.limits, name):
            count = limiter.shared_limit(limit, scope=views[0])
            for view in views:
                _limit_view(app, view, count=count, guard=guard)
    if limit := settings.limits.everyone_login:
        count = limiter.shared_limit(limit, scope="everyone_login", key_func=lambda: "everyone")
        _limit_view(app, "login.sign_in", count=count, guard=guard)
    app.register_error_handler(RateLimitExceeded, _show_too_many)
    app.register_error_handler(CountsAwayError, show_unavailable)


def find_network() -> str:
    """Return the network that asks: /24 of IPv4, /64 of IPv6."""
    networks = find_networks(current.network)
    return networks[0].name if networks else "unknown"


def _join_without_hooks(limiter: Limiter, app: Flask) -> None:
    """Let the views of the tables alone pay for limits: the extension would look at each request.

    One that is among the application's limiters already installs no hooks of its own.
    """
    app.extensions.setdefault("limiter", set()).add(limiter)
    limiter.init_app(app)


def _limit_view(app: Flask, view: str, *, count: Callable[[View], View], guard: CountGuard) -> None:
    uncounted = app.view_functions[view]
    is_closed = any(view in views for views in CLOSED_VIEWS.values())
    counted = guard.protect(count(uncounted), otherwise=None if is_closed else uncounted)
    app.view_functions[view] = counted


def _show_too_many(error: RateLimitExceeded) -> Response:
    return show_http_error(TooManyRequests(retry_after=int(error.limit.limit.get_expiry())))
