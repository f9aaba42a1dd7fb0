"""`idp pages gallery`: every page and mail as files."""

import os
from pathlib import Path

from tests.support.admin_program import AdminProgram


def draw(*words: str | Path) -> str:
    """Run the command without settings."""
    return AdminProgram(Path(os.devnull)).do("pages", "gallery", *words)


def test_gallery_needs_no_settings(tmp_path: Path) -> None:
    """An index, the pages, the mails and what they are drawn with."""
    folder = tmp_path / "galerie"
    assert str(folder / "index.html") in draw(folder)
    written = {file.name for file in folder.iterdir()}
    assert {"index.html", "mail-activation.html", "mail-activation.txt", "static"} <= written


def test_own_templates_go_before_the_shipped_ones(tmp_path: Path) -> None:
    """So that a customer sees what becomes of theirs."""
    own = tmp_path / "templates"
    (own / "mails").mkdir(parents=True)
    (own / "mails" / "activation.html").write_text("<p>Notre message</p>", encoding="utf-8")
    folder = tmp_path / "galerie"
    draw(folder, "--templates", own)
    assert "Notre message" in (folder / "mail-activation.html").read_text("utf-8")
