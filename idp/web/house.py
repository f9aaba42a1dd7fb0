"""What pages and mails may say about the house: the contract between settings and templates."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from idp.web.french import mask_email, round_up, say_day_and_time, write_finess


@dataclass(frozen=True)
class PasswordPolicy:
    """The rules a page states, and password.js checks as one types."""

    min: int = 8
    max: int = 25
    requires_classes: bool = True


@dataclass(frozen=True)
class Durations:
    """Durations as a French sentence says them (`idp.web.french.say_duration`), and one count."""

    lockout: str = "2\u00a0heures"
    max_failures: int = 3
    link: str = "24\u00a0heures"
    reset_link: str = "24\u00a0heures"
    request: str = "24\u00a0heures"
    undo: str = "72\u00a0heures"
    proof: str = "15\u00a0minutes"
    idle: str = "30\u00a0minutes"
    shared_idle: str = "20\u00a0minutes"
    known_device: str = "1\u00a0an"
    audit: str = "1\u00a0an"


@dataclass(frozen=True)
class SocialLink:
    """A public page of the house, shown in the footer once somebody confirmed it."""

    label: str
    url: str


@dataclass(frozen=True)
class House:
    """Addresses and numbers shown on pages and in mails, under the name `house`.

    `issuer` is the base of every link in a mail, `issuer_host` its host as a browser shows it,
    `home_url` where the brand leads; `logo_file` is a name that `asset` knows.
    """

    issuer: str
    issuer_host: str
    home_url: str
    help_phone: str = "05 62 13 20 20"
    help_email: str = "contact@mnspf.fr"
    bank_email: str = "pec@mnspf.fr"
    sender: str = "noreply@mnspf.fr"
    logo_file: str = "logo.svg"
    social_links: tuple[SocialLink, ...] = ()
    password_policy: PasswordPolicy = field(default_factory=PasswordPolicy)
    durations: Durations = field(default_factory=Durations)


def build_mail_globals(house: House) -> dict[str, Any]:
    """Build what every mail template is given besides its own parameters, which are all text."""
    return {
        "house": house,
        "help_phone": house.help_phone.replace(" ", "\u00a0"),
        "say_time": lambda text: say_day_and_time(datetime.fromisoformat(text)),
        "say_end": lambda text: say_day_and_time(round_up(datetime.fromisoformat(text))),
        "write_finess": write_finess,
        "mask_email": mask_email,
    }
