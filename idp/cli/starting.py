"""What `idp serve` and `idp worker` do before they run."""

import click

from idp.cli.toolbox import Toolbox


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
