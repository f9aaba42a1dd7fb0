"""`idp worker`: delivers, purges and rotates, apart from `idp serve`."""

import signal
import threading
from types import FrameType

import click

from idp.cli.toolbox import Toolbox


@click.command()
@click.option("--once", is_flag=True, help="Do what is due, and end.")
@click.pass_obj
def worker(toolbox: Toolbox, *, once: bool) -> None:
    """Deliver mails and notices, purge and rotate, until told to stop (TERM).

    Any number of workers may run over one database. Set server.runs_worker to false where
    `idp serve` should not run one too.
    """
    from idp.app.process import build_worker

    built = build_worker(toolbox.settings, toolbox.clock)
    if once:
        click.echo(f"{built.run_once()} tried")
        return
    stopping = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask_to_stop)
    built.start()
    stopping.wait()
    built.stop(toolbox.settings.server.stop_timeout)
