"""Draws the gallery: one file a page or mail, and an index of them all."""

import shutil
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from idp.web.gallery.catalogue import list_mails, list_pages
from idp.web.gallery.samples import GalleryPage, build_globals

# The files have no server behind them: their forms go nowhere, and form_post.html stays to be seen.
_FORMS_ARE_INERT = '<meta http-equiv="Content-Security-Policy" content="form-action \'none\'">'
STATIC_FOLDER = Path(__file__).resolve().parent.parent / "static"


class Gallery:
    """Draws examples from a folder of templates; `static_base` is where their files are found."""

    def __init__(self, templates_folder: Path, static_base: str = "static") -> None:
        """Prepare the templates as the web layer does, strict about names."""
        self._environment = Environment(
            loader=FileSystemLoader(templates_folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            asset=lambda name: f"{static_base}/{name}",
            stylesheet=Markup((STATIC_FOLDER / "site.css").read_text(encoding="utf-8")),  # noqa: S704
        )

    def draw_page(self, page: GalleryPage) -> str:
        """Draw one page as the browser would receive it."""
        context: dict[str, Any] = {**build_globals(), **page.context}
        return self._environment.get_template(page.template).render(context)

    def draw_file(self, page: GalleryPage) -> str:
        """Draw one page as a file to be looked at."""
        return self.draw_page(page).replace("<head>", f"<head>\n{_FORMS_ARE_INERT}", 1)

    def draw_index(self, pages: list[GalleryPage], mails: list[GalleryPage]) -> str:
        """Draw the list of every page and mail."""
        context = {**build_globals(), "pages": pages, "mails": mails}
        return self._environment.get_template("pages/gallery.html").render(context)


def write_gallery(folder: Path, templates_folder: Path) -> int:
    """Write every page and mail under `folder`, with an index; returns how many were written."""
    gallery = Gallery(templates_folder)
    pages, mails = list_pages(), list_mails()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(STATIC_FOLDER, folder / "static", dirs_exist_ok=True)
    for page in pages:
        (folder / f"{page.name}.html").write_text(gallery.draw_file(page), encoding="utf-8")
    (folder / "index.html").write_text(gallery.draw_index(pages, mails), encoding="utf-8")
    return len(pages) + len(mails)
