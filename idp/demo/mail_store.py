"""The mails that the demo received, each a file: they survive a restart."""

from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from idp.clock import Clock

if TYPE_CHECKING:
    from email.message import EmailMessage


class MailStore:
    """Mails as `.eml` files, named after the moment they came."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Take the folder, made on first use."""
        self._folder = folder
        self._clock = clock

    def keep(self, raw: bytes) -> None:
        """Keep one mail as it came; a half-written file is never seen."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{self._clock.now():%Y%m%dT%H%M%S%f}"
        unfinished = self._folder / f"{name}.part"
        unfinished.write_bytes(raw)
        unfinished.rename(self._folder / f"{name}.eml")

    def find_all(self) -> list["StoredMail"]:
        """Return every mail, newest first."""
        files = sorted(self._folder.glob("*.eml"), reverse=True)
        return [StoredMail(file.stem, file.read_bytes()) for file in files]

    def find(self, name: str) -> "StoredMail | None":
        """Return one mail by its name."""
        return next((mail for mail in self.find_all() if mail.name == name), None)


class StoredMail:
    """One mail, taken apart for a page."""

    def __init__(self, name: str, raw: bytes) -> None:
        """Take its name and what came over the wire."""
        self.name = name
        self.source = raw.decode("utf-8", "replace")
        self._message: EmailMessage = message_from_bytes(raw, policy=policy.default)

    def header(self, name: str) -> str:
        """Return a header's decoded text, empty where there is none."""
        return str(self._message.get(name, ""))

    @property
    def sent_at(self) -> str:
        """The day and time of its Date header in Paris, as text."""
        date = self.header("Date")
        paris = ZoneInfo("Europe/Paris")
        return f"{parsedate_to_datetime(date).astimezone(paris):%d/%m/%Y %H:%M:%S}" if date else ""

    @property
    def text(self) -> str:
        """The text part."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """The HTML part."""
        return self._part("html")

    def _part(self, subtype: str) -> str:
        part = self._message.get_body((subtype,))
        return str(part.get_content()) if part is not None else ""
