"""What `idp serve` and `idp worker` do before they run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from idp.cli.toolbox import Toolbox
from idp.settings import name_metrics_folder


@contextmanager
def count_together() -> Iterator[None]:
    """Give the processes of this command a folder to count in, for as long as it runs.

    Before anything imports prometheus-client, which looks for it then.
    """
    with TemporaryDirectory(prefix="idp-metrics-") as folder:
        name_metrics_folder(Path(folder))
        yield


def refuse_faults(toolbox: Toolbox) -> None:
    """Send logs where they go, and end where keys, database or clients have faults: all are told.

    Raises:
        ClickException: with a sentence for each fault.

    """
    from idp.app.start import prepare_start
    from idp.outbound.logs import configure_logging

    configure_logging(toolbox.clock)
    if faults := list(prepare_start(toolbox.settings, toolbox.clock)):
        raise click.ClickException("cannot start:\n" + "\n".join(f"  - {each}" for each in faults))
