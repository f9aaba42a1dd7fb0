"""Draws the gallery: one file a page or mail, and an index of them all."""

import shutil
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from idp.web.gallery.catalogue import list_mails, list_pages
from idp.web.gallery.samples import GalleryPage, build_globals, build_house
from idp.web.house import build_mail_globals
from idp.web.static_files import STATIC_FOLDER

# The files have no server behind them: forms go nowhere, and no page submits itself.
_INERT_POLICY = "form-action 'none'; script-src 'self'"


class Gallery:
    """Draws examples from folders of templates, the first one first, strict about names."""

    def __init__(self, *templates_folders: Path) -> None:
        """Prepare the templates as the web layer and the mailer do."""
        self._environment = Environment(
            loader=FileSystemLoader(templates_folders),
            autoescape=select_autoescape(("html",)),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        stylesheet = (STATIC_FOLDER / "site.css").read_text(encoding="utf-8")
        self._environment.globals.update(
            build_mail_globals(build_house()),
            asset=lambda name: f"static/{name}",
            stylesheet=Markup(stylesheet),  # noqa: S704 - our own file
        )

    def draw_page(self, page: GalleryPage) -> str:
        """Draw one page as a browser would receive it."""
        context = {**build_globals(), **page.context}
        if context["site"] is None:
            context["sealed_request"] = ""
        return self._draw(page.template, context)

    def draw_mail_html(self, mail: GalleryPage) -> str:
        """Draw the HTML part of one mail."""
        return self._draw(f"{mail.template}.html", mail.context)

    def draw_mail_text(self, mail: GalleryPage) -> str:
        """Draw the text part of one mail, its subject above."""
        module = self._environment.get_template(f"{mail.template}.txt").make_module(mail.context)
        return f"Objet\u00a0: {vars(module)['subject']}\n\n{str(module).strip()}\n"

    def draw_index(self, pages: list[GalleryPage], mails: list[GalleryPage]) -> str:
        """Draw the list of every page and mail."""
        context = {**build_globals(), "site": None, "sealed_request": ""}
        return self._draw("pages/gallery.html", {**context, "pages": pages, "mails": mails})

    def _draw(self, template: str, context: dict[str, object]) -> str:
        return self._environment.get_template(template).render(context)


def write_gallery(folder: Path, *templates_folders: Path) -> int:
    """Write every page and mail under `folder`, with an index; returns how many were written."""
    gallery = Gallery(*templates_folders)
    pages, mails = list_pages(), list_mails()
    drawn = {"index.html": gallery.draw_index(pages, mails)}
    drawn |= {f"{page.name}.html": gallery.draw_page(page) for page in pages}
    drawn |= {f"mail-{mail.name}.html": gallery.draw_mail_html(mail) for mail in mails}
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(STATIC_FOLDER, folder / "static", dirs_exist_ok=True)
    head = f'<head>\n<meta http-equiv="Content-Security-Policy" content="{_INERT_POLICY}">'
    for name, text in drawn.items():
        inert = text.replace("<head>", head, 1)
        (folder / name).write_text(inert, encoding="utf-8")
    for mail in mails:
        text = gallery.draw_mail_text(mail)
        (folder / f"mail-{mail.name}.txt").write_text(text, encoding="utf-8")
    return len(pages) + len(mails)
