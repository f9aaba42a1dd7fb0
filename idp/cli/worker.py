"""`idp worker`: delivers, purges and rotates, apart from `idp serve`."""

import signal
import threading
from types import FrameType
from typing import TYPE_CHECKING

import click

from idp.cli.starting import count_together, refuse_faults
from idp.cli.toolbox import Toolbox

if TYPE_CHECKING:
    from idp.outbound.worker import OutboxWorker


@click.command()
@click.option("--once", is_flag=True, help="Do what is due, and end.")
@click.pass_obj
def worker(toolbox: Toolbox, *, once: bool) -> None:
    """Deliver mails and notices, purge and rotate, until told to stop (TERM).

    Any number of workers may run over one database. Set server.runs_worker to false where
    `idp serve` should not run one too. On one host with it, give it a server.metrics_port of its
    own.
    """
    with count_together():
        from idp.app.process import build_worker_process

        refuse_faults(toolbox)
        built = build_worker_process(toolbox.settings, toolbox.clock)
        if once:
            click.echo(f"{built.run_once()} tried")
        else:
            _run_until_stopped(built)
            built.stop(toolbox.settings.server.stop_timeout)


def _run_until_stopped(built: "OutboxWorker") -> None:
    stopping = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask_to_stop)
    built.start()
    stopping.wait()
