"""Reads the forms of a page as a browser without JavaScript does."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Button:
    """A submit button: its id, and what it sends besides the fields."""

    id: str
    name: str = ""
    value: str = ""


@dataclass
class PageForm:
    """A form: where it posts to, what its fields hold, and its buttons."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, dict[str, str]] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)


class FormReader(HTMLParser):
    """Collects the forms and links of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.links: dict[str, str] = {}
        self._form: PageForm | None = None
        self._link = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a form or a link, or read a field."""
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = PageForm(attributes.get("action", ""))
            self.forms.append(self._form)
        elif tag == "a":
            self._link = attributes.get("href", "")
        elif self._form and tag == "input":
            self._read_input(self._form, attributes)
        elif self._form and tag == "button":
            names = (attributes.get(name, "") for name in ("id", "name", "value"))
            self._form.buttons.append(Button(*names))

    def handle_endtag(self, tag: str) -> None:
        """Close a form or a link."""
        if tag == "form":
            self._form = None
        elif tag == "a":
            self._link = ""

    def handle_data(self, data: str) -> None:
        """Keep the words of a link."""
        if self._link and data.strip():
            self.links.setdefault(data.strip(), self._link)

    def _read_input(self, form: PageForm, attributes: dict[str, str]) -> None:
        name = attributes.get("name", "")
        form.inputs[name] = attributes
        is_sent = attributes.get("type") != "checkbox" or "checked" in attributes
        if is_sent:
            form.fields[name] = attributes.get("value", "")
