"""How often a network may ask: one table, from views to the settings of `[limits]`.

Two limiters over one storage (Redis where it is set, else each process's memory). Where a secret
is tried, a storage that is away means 503: fail closed. Elsewhere the request goes on.
"""

from collections.abc import Callable, Mapping
from ipaddress import ip_address, ip_network
from typing import Any, cast

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from limits.errors import StorageError
from werkzeug.exceptions import TooManyRequests

from idp.settings import Settings
from idp.web.errors import show_http_error, show_unavailable

LimitDecorator = Callable[[Callable[..., Any]], Callable[..., Any]]

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
    "token": ("token.issue_token",),
}


def limit_requests(app: Flask, settings: Settings) -> None:
    """Apply the table to the views of an app whose blueprints are all registered."""
    closed, lenient = _build_limiter(settings), _build_limiter(settings, swallow_errors=True)
    for limiter, table in ((closed, CLOSED_VIEWS), (lenient, OPEN_VIEWS)):
        _join_without_hooks(limiter, app)
        for name, views in table.items():
            _limit_views(app, limiter, getattr(settings.limits, name), views)
    if settings.limits.everyone_login:
        everyone = closed.shared_limit(
            settings.limits.everyone_login, scope="everyone_login", key_func=lambda: "everyone"
        )
        _wrap_view(app, "login.sign_in", everyone)
    app.register_error_handler(RateLimitExceeded, _show_too_many)
    app.register_error_handler(StorageError, show_unavailable)


def network_key() -> str:
    """Return the network that asks: /24 of IPv4, /64 of IPv6."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    return str(ip_network(f"{address}/{24 if address.version == 4 else 64}", strict=False))  # noqa: PLR2004 - IP version


def _join_without_hooks(limiter: Limiter, app: Flask) -> None:
    """Let the views of the tables alone pay for limits: the extension would look at each request.

    One that is among the application's limiters already installs no hooks of its own.
    """
    app.extensions.setdefault("limiter", set()).add(limiter)
    limiter.init_app(app)


def _build_limiter(settings: Settings, *, swallow_errors: bool = False) -> Limiter:
    return Limiter(
        network_key,
        storage_uri=settings.redis.url.get_secret_value() or "memory://",
        strategy="fixed-window",
        swallow_errors=swallow_errors,
        headers_enabled=False,
        storage_options={"wrap_exceptions": True},
    )


def _limit_views(app: Flask, limiter: Limiter, limit: str, views: tuple[str, ...]) -> None:
    if limit:
        shared = limiter.shared_limit(limit, scope=views[0])
        for view in views:
            if view in app.view_functions:
                _wrap_view(app, view, shared)


def _wrap_view(app: Flask, view: str, decorate: LimitDecorator) -> None:
    app.view_functions[view] = cast("Callable[..., Response]", decorate(app.view_functions[view]))


def _show_too_many(error: RateLimitExceeded) -> Response:
    return show_http_error(TooManyRequests(retry_after=int(error.limit.limit.get_expiry())))
