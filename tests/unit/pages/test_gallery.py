"""The gallery has everything there is to see, and is written as files."""

from pathlib import Path

from idp.web.gallery import write_gallery
from tests.unit.pages.reading import GALLERY, MAILS, PAGES, TEMPLATES

FRAMES = {"frame.txt"}
NOT_STATES = {"gallery.html", "check_session.html"}


def test_every_page_template_is_shown() -> None:
    """Each template of pages/ has an example: StrictUndefined makes its context complete."""
    shown = {page.template.removeprefix("pages/") for page in PAGES.values()}
    assert shown == {file.name for file in (TEMPLATES / "pages").iterdir()} - NOT_STATES


def test_every_mail_template_is_shown() -> None:
    """Each mail has an example, and both parts."""
    texts = {file.stem for file in (TEMPLATES / "mails").glob("*.txt") if file.name not in FRAMES}
    pages = {file.stem for file in (TEMPLATES / "mails").glob("*.html")} - {"frame"}
    assert set(MAILS) == texts == pages


def test_names_are_file_names() -> None:
    """No two states share a name, and each is its own file's stem."""
    assert len(PAGES) > 80
    assert all(name.replace("-", "").replace("_", "").isalnum() for name in [*PAGES, *MAILS])


def test_the_gallery_is_written_as_files(tmp_path: Path) -> None:
    """The folder holds an index, each page, both parts of each mail, and the static files."""
    assert write_gallery(tmp_path, TEMPLATES) == len(PAGES) + len(MAILS)
    written = {file.name for file in tmp_path.iterdir()}
    mails = {f"mail-{name}.{part}" for name in MAILS for part in ("html", "txt")}
    assert written == {"index.html", "static"} | {f"{name}.html" for name in PAGES} | mails


def test_the_index_leads_to_every_file() -> None:
    """Each page and mail is linked from the index by its French title."""
    index = GALLERY.draw_index(list(PAGES.values()), list(MAILS.values()))
    assert all(f'<a href="{page.name}.html">{page.title}</a>' in index for page in PAGES.values())
    assert all(f'<a href="mail-{mail.name}.txt">' in index for mail in MAILS.values())
