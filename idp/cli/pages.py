"""`idp pages`: the pages and mails, to look at."""

from pathlib import Path

import click

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def pages() -> None:
    """Write every page and mail as files, to look at."""


@pages.command()
@click.argument("folder", type=_FOLDER)
@click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Your own templates, used before the shipped ones (pages.template_folder).",
)
def gallery(folder: Path, templates: Path | None) -> None:
    """Draw every state of every page and mail, with made-up practitioners, under FOLDER.

    Needs no settings, no database and no keys. Open FOLDER/index.html in a browser.
    """
    from idp.app.pages import SHIPPED_TEMPLATES
    from idp.web.gallery import write_gallery

    count = write_gallery(folder, *([templates] if templates else []), SHIPPED_TEMPLATES)
    click.echo(f"{count} pages and mails are drawn: open {folder / 'index.html'}")
