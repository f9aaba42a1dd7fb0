"""The provider as a WSGI application."""

from datetime import timedelta
from importlib import import_module

from flask import Flask
from jinja2 import FileSystemLoader, StrictUndefined

from idp.app.health import list_checks, list_warnings, report_failure
from idp.app.pages import list_template_folders
from idp.app.services import Built, build
from idp.clock import Clock, SystemClock
from idp.settings import Settings, load_settings
from idp.store.errors import StoreUnavailableError
from idp.web.blueprints import list_blueprints
from idp.web.endpoints.health import build_health
from idp.web.errors import register_error_pages, show_unavailable
from idp.web.lifecycle import ProviderFlask, frame_requests
from idp.web.limits import limit_requests
from idp.web.pages_rendering import STATIC_FOLDER, StaticFiles
from idp.web.public_answers import PublicAnswers
from idp.web.request_traces import trace_requests
from idp.web.services import Services

_STATIC_LIFETIME = timedelta(days=365)


def build_app(settings: Settings | None = None, *, clock: Clock | None = None) -> Flask:
    """Return the provider as a WSGI application. Raises as `idp.create_app` says."""
    built = build(settings or load_settings(), clock or SystemClock())
    return assemble(built)


def assemble(built: Built) -> Flask:
    """Return the application of these parts."""
    services = built.services
    app = ProviderFlask("idp.web", static_folder=str(STATIC_FOLDER))
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _STATIC_LIFETIME
    _prepare_templates(app, services)
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
    )
    return app


def _trace(app: Flask, settings: Settings) -> None:
    """Trace requests where an endpoint is set; else OpenTelemetry need not be installed."""
    if settings.tracing.endpoint:
        tracing = import_module("idp.outbound.tracing")
        trace_requests(app, tracing.build_tracer(settings.tracing.endpoint))


def _prepare_templates(app: Flask, services: Services) -> None:
    """Compile each template once; a name a template misses is a fault, not an empty text."""
    folders = list_template_folders(services.settings)
    static_files = StaticFiles()
    app.jinja_options = {
        "loader": FileSystemLoader(folders),
        "undefined": StrictUndefined,
        "autoescape": True,
        "auto_reload": False,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.jinja_env.globals.update(
        settings_ui=services.page_settings,
        stylesheet=static_files.stylesheet,
        asset=static_files.asset,
    )
