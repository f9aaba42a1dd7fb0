"""Where static files lie, and the addresses and digests they are known by."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from markupsafe import Markup

from idp import secret_values

STATIC_FOLDER = Path(__file__).parent / "static"


class StaticFiles:
    """The static folders: each file's address carries a digest of its content.

    A file of the operator's own folder goes before ours of the same name.
    """

    def __init__(self, own_folder: Path | None = None) -> None:
        self._folders = [STATIC_FOLDER, *([own_folder] if own_folder else [])]

    @cached_property
    def _homes(self) -> Mapping[str, Path]:
        """Each file's folder, by name: what a visitor asks for is never looked for on disk."""
        files = ((base, file) for base in self._folders for file in base.rglob("*"))
        return {file.relative_to(base).as_posix(): base for base, file in files if file.is_file()}

    @cached_property
    def _digests(self) -> Mapping[str, str]:
        return {
            name: secret_values.fingerprint((base / name).read_bytes())
            for name, base in self._homes.items()
        }

    def asset(self, name: str) -> str:
        """Return the address of a static file; unknown names are a fault of the template."""
        return f"/static/{name}?v={self._digests[name]}"

    def folder_of(self, name: str) -> Path:
        """Return the folder that a file is served from."""
        return self._homes.get(name, STATIC_FOLDER)

    @cached_property
    def stylesheet(self) -> Markup:
        """The style sheet, to be put in the page."""
        text = (self.folder_of("site.css") / "site.css").read_text("utf-8")
        return Markup(text)  # noqa: S704 - a file of ours or of the operator's
