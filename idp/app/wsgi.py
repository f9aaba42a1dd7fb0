"""The provider as a WSGI application."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from time import monotonic

import structlog
from flask import Flask, Response, send_from_directory
from jinja2 import FileSystemLoader, StrictUndefined

from idp.app.health import list_checks, list_warnings, report_failure
from idp.app.pages import list_template_folders
from idp.app.services import Built, build
from idp.clock import Clock, SystemClock
from idp.outbound.logs import configure_logging
from idp.settings import Settings, load_settings
from idp.store.errors import StoreUnavailableError
from idp.web.blueprints import list_blueprints
from idp.web.endpoints.health import build_health
from idp.web.errors import register_error_pages, show_unavailable
from idp.web.lifecycle import ProviderFlask, frame_requests
from idp.web.limits import limit_requests
from idp.web.public_answers import PublicAnswers
from idp.web.request_traces import trace_requests
from idp.web.services import Services
from idp.web.static_files import StaticFiles

_STATIC_LIFETIME = int(timedelta(days=365).total_seconds())


def build_app(settings: Settings | None = None, *, clock: Clock | None = None) -> Flask:
    """Return the provider as a WSGI application. Raises as `idp.create_app` says.

    Logs are those of `idp serve`, unless whoever embeds the provider has configured structlog: its
    own defaults print what somebody typed.
    """
    clock = clock or SystemClock()
    if not structlog.is_configured():
        configure_logging(clock)
    built = build(settings or load_settings(), clock)
    return assemble(built)


def assemble(built: Built, *, timer: Callable[[], float] = monotonic) -> Flask:
    """Return the application of these parts; `timer` is what the kept public answers age by."""
    services = built.services
    static_files = StaticFiles(services.settings.pages.static_folder)
    app = ProviderFlask("idp.web", static_folder=None)
    app.add_url_rule("/static/<path:name>", "static", _serve_from(static_files))
    _prepare_templates(app, services, static_files)
    frame_requests(app, services, built.metrics.observe_request)
    _trace(app, services.settings)
    for blueprint in list_blueprints():
        app.register_blueprint(blueprint)
    app.register_blueprint(build_health(list_checks(built), list_warnings(built), report_failure))
    register_error_pages(app)
    app.register_error_handler(StoreUnavailableError, show_unavailable)
    limit_requests(app, services.settings)
    app.wsgi_app = PublicAnswers(  # type: ignore[method-assign]
        app.wsgi_app,
        host=services.settings.issuer_host,
        count=built.metrics.count_public_answer,
        timer=timer,
    )
    return app


def _trace(app: Flask, settings: Settings) -> None:
    """Trace requests where an endpoint is set; else OpenTelemetry need not be installed."""
    if settings.tracing.endpoint:
        tracing = import_module("idp.outbound.tracing")
        trace_requests(app, tracing.build_tracer(settings.tracing.endpoint))


def _serve_from(static_files: StaticFiles) -> Callable[[str], Response]:
    def serve(name: str) -> Response:
        """Serve a file for good: its address changes with its content."""
        return send_from_directory(static_files.folder_of(name), name, max_age=_STATIC_LIFETIME)

    return serve


def _prepare_templates(app: Flask, services: Services, static_files: StaticFiles) -> None:
    """Compile each template once; a name a template misses is a fault, not an empty text."""
    folders = list_template_folders(services.settings)
    app.jinja_options = {
        "loader": FileSystemLoader(folders),
        "undefined": StrictUndefined,
        "autoescape": True,
        "auto_reload": False,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.jinja_env.globals.update(
        house=services.house,
        stylesheet=static_files.stylesheet,
        asset=static_files.asset,
    )
