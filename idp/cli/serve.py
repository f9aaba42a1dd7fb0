"""`idp serve`: the provider on Granian's WSGI mode, which costs half of gunicorn's CPU a request.

What Granian leaves to its caller is set here: a bounded stop (a TERM during a worker's import is
swallowed otherwise), workers that are replaced when they die, a bounded number of threads, and a
look at the port first, since a second server on it would start silently.
"""

import gc
import socket
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from granian.constants import HTTPModes, Interfaces
from granian.server.mp import MPServer

from idp.cli.toolbox import Toolbox
from idp.settings import ServerSettings, name_metrics_folder, pass_on_config_file

# Granian's own lines go where all others go.
_JSON_LOGS = {"loggers": {"_granian": {"handlers": [], "propagate": True}}}


@click.command()
@click.option("--host", help="Address to listen on, instead of server.host.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port, instead of server.port.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes, instead of server.workers.")
@click.pass_obj
def serve(toolbox: Toolbox, host: str | None, port: int | None, workers: int | None) -> None:
    """Run the provider until it is told to stop (TERM), replacing its processes on HUP."""
    server = toolbox.settings.server
    address = (host or server.host, port or server.port)
    _refuse_taken_port(*address)
    if toolbox.config:
        pass_on_config_file(toolbox.config)
    with TemporaryDirectory(prefix="idp-metrics-") as folder:
        # Before anything imports prometheus-client, which looks for it then.
        name_metrics_folder(Path(folder))
        _refuse_what_cannot_serve(toolbox)
        _build_server(server, address, workers or server.workers).serve()


def _refuse_what_cannot_serve(toolbox: Toolbox) -> None:
    """Find faults once, here, instead of in processes that would be started again and again.

    Everything is imported before the processes part: they share that memory and start at once.
    """
    import idp.app.process  # noqa: F401 - for what it imports
    from idp.app.start import prepare_start
    from idp.outbound.logs import configure_logging

    configure_logging(toolbox.clock)
    if faults := list(prepare_start(toolbox.settings, toolbox.clock)):
        raise click.ClickException("cannot start:\n" + "\n".join(f"  - {each}" for each in faults))
    gc.freeze()


def _build_server(server: ServerSettings, address: tuple[str, int], workers: int) -> MPServer:
    return MPServer(
        "idp.app.process:build_process",
        factory=True,
        address=address[0],
        port=address[1],
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=server.threads,
        backpressure=server.backpressure,
        backlog=1024,
        http=HTTPModes.http1,
        websockets=False,
        workers_kill_timeout=int(server.stop_timeout.total_seconds()),
        respawn_failed_workers=True,
        respawn_interval=1,
        log_access=False,
        log_dictconfig=_JSON_LOGS,
    )


def _refuse_taken_port(host: str, port: int) -> None:
    """Refuse to share a port: SO_REUSEPORT would let two servers answer in turn."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = f"cannot listen on {host}:{port}: {error.strerror}. Is it running already?"
            raise click.ClickException(message) from error
