"""`idp demo`: everything on this machine, to try it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from idp.cli.toolbox import Toolbox

if TYPE_CHECKING:
    from idp.demo.plan import DemoPlan

_PORT = click.IntRange(1024, 65535)


@click.command()
@click.option("--reset", is_flag=True, help="Remove what the demo kept, and start afresh.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".demo"),
    show_default=True,
    help="Where the demo keeps its data.",
)
@click.option("--port", type=_PORT, default=8000, show_default=True, help="The provider's port.")
@click.option("--site-port", type=_PORT, default=8001, show_default=True, help="The site's port.")
@click.option("--mailbox-port", type=_PORT, default=8002, show_default=True, help="The mailbox's.")
@click.option("--smtp-port", type=_PORT, default=8025, show_default=True, help="Its mail server's.")
@click.pass_obj
def demo(toolbox: Toolbox, /, *, reset: bool, folder: Path, **ports: int) -> None:
    """Run the provider, a site that signs in with it, and a mailbox, until Ctrl-C.

    Everything is made up and stays on this machine: the demo writes its own settings (environment
    "demo", loopback alone) and reads none of yours.
    """
    if toolbox.config is not None:
        raise click.UsageError("the demo writes its own settings: run it without --config")
    plan = _make_plan(folder, ports)
    _refuse_taken_ports(plan)
    _run(plan, toolbox.console, reset=reset)


def _make_plan(folder: Path, ports: dict[str, int]) -> "DemoPlan":
    from idp.demo.plan import DemoPlan

    return DemoPlan(
        folder=folder,
        provider_port=ports["port"],
        site_port=ports["site_port"],
        mailbox_port=ports["mailbox_port"],
        smtp_port=ports["smtp_port"],
    )


def _refuse_taken_ports(plan: "DemoPlan") -> None:
    if len(set(plan.ports)) < len(plan.ports):
        raise click.UsageError("il faut un port à chacun : deux options donnent le même.")
    taken = plan.find_taken_ports()
    if taken:
        raise click.ClickException(
            f"le port {taken[0]} de 127.0.0.1 est déjà pris. La démonstration tourne-t-elle déjà ? "
            "Sinon, choisissez d’autres ports : idp demo --help."
        )


def _run(plan: "DemoPlan", console: Console, *, reset: bool) -> None:
    try:
        from idp.demo.files import NotADemoFolderError, remove_demo
        from idp.demo.provider import ProviderFault
        from idp.demo.run import Demo
    except ModuleNotFoundError as error:
        message = f"il manque « {error.name} » : lancez .ci/make-environment demo"
        raise click.ClickException(message) from error
    try:
        if reset:
            remove_demo(plan.folder)
        demo = Demo(plan)
        demo.stop_on_signals()
        try:
            demo.start(lambda step: console.print(f"[dim]{step} …[/]"))
            _show(plan, console)
            demo.wait()
        finally:
            demo.stop()
    except NotADemoFolderError as error:
        message = f"le dossier {error} contient autre chose qu’une démonstration ; rien n’a changé."
        raise click.ClickException(message) from error
    except ProviderFault as error:
        raise click.ClickException(f"{error}\nSon journal : {plan.provider_log}") from error
    except OSError as error:
        raise click.ClickException(f"{error.strerror} ({error.filename})") from error
    console.print("La démonstration est arrêtée.")


def _show(plan: "DemoPlan", console: Console) -> None:
    """Say what to open and what to type."""
    from idp.demo.practitioners import list_practitioners

    console.print(
        f"""
  [bold]{plan.site_url}[/]  le site : ouvrez-le, puis « Se connecter »
  [bold]{plan.mailbox_url}[/]  la boîte aux lettres : tous les messages envoyés
  [bold]{plan.issuer}[/]  le fournisseur d’identité

Pour vous inscrire, prenez l’un de ces professionnels de santé imaginaires :
""",
        soft_wrap=True,
    )
    table = Table(box=None, pad_edge=False)
    for heading in ("Numéro FINESS", "IBAN", "Fin", "Nom"):
        table.add_column(heading, no_wrap=True)
    for sample in list_practitioners():
        iban = sample.iban or "aucun RIB communiqué"
        table.add_row(sample.finess, iban, f"[bold]{sample.iban_suffix}[/]", sample.name)
    console.print(table)
    console.print(f"\nDonnées : {plan.folder}{os.sep}", soft_wrap=True)
    console.print("Pour tout arrêter : Ctrl-C")
