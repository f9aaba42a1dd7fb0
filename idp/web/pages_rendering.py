"""Turning a template into an answer, with the globals that `partials/layout.html` promises."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from flask import Response, current_app, make_response
from markupsafe import Markup

from idp import secret_values
from idp.web.context import current
from idp.web.csrf import csrf_token
from idp.web.sealed_request import read_sealed_text
from idp.web.waiting_request import WaitingRequest, find_entrance, find_waiting_request

STATIC_FOLDER = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Site:
    """The relying party somebody is signing in to, as pages name it."""

    name: str
    logo: str | None
    entry_url: str


def render_page(template: str, status: int = 200, **context: object) -> Response:
    """Render `templates/pages/TEMPLATE` with what every page is given, and its HTTP status.

    The sealed request this request carries is kept, unless `sealed_request` says another.
    """
    sealed_text = context.pop("sealed_request", None)
    text = read_sealed_text() if sealed_text is None else str(sealed_text)
    waiting = find_waiting_request(text)
    page = current_app.jinja_env.get_template(f"pages/{template}").render(
        {
            "csp_nonce": current.csp_nonce,
            "csrf_token": csrf_token(),
            "sealed_request": waiting.text if waiting else "",
            "site": _describe_site(waiting) if waiting and waiting.sealed else None,
            "status": status,
            **context,
        }
    )
    return make_response(page, status)


def _describe_site(waiting: WaitingRequest) -> Site:
    parameters = waiting.sealed.parameters if waiting.sealed else {}
    parts = urlsplit(parameters.get("redirect_uri", ""))
    return Site(
        name=waiting.client.name,
        logo=waiting.client.logo,
        entry_url=find_entrance(waiting.client) or f"{parts.scheme}://{parts.netloc}/",
    )


class StaticFiles:
    """The static folders: each file's address carries a digest of its content.

    A file of the operator's own folder goes before ours of the same name.
    """

    def __init__(self, own_folder: Path | None = None) -> None:
        self._folders = [STATIC_FOLDER, *([own_folder] if own_folder else [])]

    @cached_property
    def _digests(self) -> Mapping[str, str]:
        files = ((base, file) for base in self._folders for file in base.rglob("*"))
        return {
            file.relative_to(base).as_posix(): secret_values.fingerprint(file.read_bytes())
            for base, file in files
            if file.is_file()
        }

    def asset(self, name: str) -> str:
        """Return the address of a static file; unknown names are a fault of the template."""
        return f"/static/{name}?v={self._digests[name]}"

    def folder_of(self, name: str) -> Path:
        """Return the folder that a file is served from."""
        return next(
            (base for base in reversed(self._folders) if (base / name).is_file()), STATIC_FOLDER
        )

    @cached_property
    def stylesheet(self) -> Markup:
        """The style sheet, to be put in the page."""
        text = (self.folder_of("site.css") / "site.css").read_text("utf-8")
        return Markup(text)  # noqa: S704 - a file of ours or of the operator's
