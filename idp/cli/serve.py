"""`idp serve`: the provider on Granian, whose WSGI mode costs half of gunicorn's CPU a request."""

import gc
import socket
from collections.abc import Sequence

import click
import structlog

from idp.cli.starting import count_together, refuse_faults
from idp.cli.toolbox import Toolbox
from idp.settings import (
    Settings,
    SettingsError,
    load_settings,
    pass_on_config_file,
    pass_on_options,
)


@click.command()
@click.option("--host", help="Address to listen on, instead of server.host.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port, instead of server.port.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes, instead of server.workers.")
@click.pass_obj
def serve(toolbox: Toolbox, host: str | None, port: int | None, workers: int | None) -> None:
    """Run the provider until it is told to stop (TERM), replacing its processes on HUP.

    A HUP reads settings, clients file and templates again. Where new processes could not serve, the
    log says why and the old ones go on.
    """
    if toolbox.config:
        pass_on_config_file(toolbox.config)
    pass_on_options("server", {"host": host, "port": port, "workers": workers})
    server = toolbox.settings.server
    _refuse_taken_port(server.host, server.port)
    with count_together():
        _serve(toolbox)


def _serve(toolbox: Toolbox) -> None:
    """Find faults once, here, instead of in processes that would be started again and again.

    Everything is imported before the processes part: they share that memory and start at once.
    """
    from idp.app.process import hold_signals_of_new_processes
    from idp.app.server import build_server
    from idp.app.start import prepare_start

    def find_faults() -> Sequence[str]:
        try:
            return list(prepare_start(load_settings(toolbox.config), toolbox.clock))
        except SettingsError as error:
            return error.faults

    refuse_faults(toolbox)
    _warn(toolbox.settings)
    gc.freeze()
    hold_signals_of_new_processes()
    build_server(toolbox.settings.server, find_faults=find_faults).serve()


def _warn(settings: Settings) -> None:
    """Log what does not prevent a start, and should be seen to."""
    log, server = structlog.get_logger("idp.serve"), settings.server
    if server.workers > 1 and not settings.redis.url.get_secret_value():
        log.warning("limits.not_shared", workers=server.workers, remedy="set redis.url")
    address = (server.metrics_host, server.metrics_port)
    if server.metrics_port and _find_obstacle(*address):
        log.warning("metrics.not_served", host=address[0], port=address[1])


def _refuse_taken_port(host: str, port: int) -> None:
    """Refuse to share a port: SO_REUSEPORT would let two servers answer in turn."""
    if obstacle := _find_obstacle(host, port):
        message = f"cannot listen on {host}:{port}: {obstacle}. Is it running already?"
        raise click.ClickException(message)


def _find_obstacle(host: str, port: int) -> str | None:
    """Return why nobody can listen there, None where one can."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.strerror
    return None
