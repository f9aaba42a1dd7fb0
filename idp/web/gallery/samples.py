"""What every example shares: a made-up practitioner, a site, and forms in their states."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from idp.web.house import House

FINESS = "75\u00a0000\u00a0123\u00a02"
EMAIL = "martin.delorme@orange.fr"
SEALED_REQUEST = "v1.pA2nX0dyMHRfc2FtcGxlX29mX2Ffc2VhbGVkX3JlcXVlc3Q" * 10


class GalleryPage(NamedTuple):
    """One state of one page or mail: `name` a file's stem, `title` what the state is, in French."""

    name: str
    title: str
    template: str
    context: dict[str, Any]


@dataclass(frozen=True)
class SampleForm:
    """A form as a template reads it."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    notices: dict[str, list[str]] = field(default_factory=dict)
    heading: str = ""


@dataclass(frozen=True)
class SampleSite:
    """The site that waits for the practitioner."""

    name: str = "Espace tiers payant"
    logo: str | None = None
    entry_url: str = "https://www.mnspf.fr/professionnels"


def build_house() -> House:
    """Build the house every example is drawn with."""
    return House(
        issuer="https://connexion.mnspf.fr",
        issuer_host="connexion.mnspf.fr",
        home_url="https://www.mnspf.fr",
    )


def build_globals() -> dict[str, Any]:
    """Build what the web layer gives every page, but for `asset` and `stylesheet`."""
    return {
        "csp_nonce": "c2FtcGxlLW5vbmNl",
        "csrf_token": lambda: "sample-csrf-token",
        "sealed_request": SEALED_REQUEST,
        "site": SampleSite(),
        "house": build_house(),
    }
