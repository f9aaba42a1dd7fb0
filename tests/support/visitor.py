"""A person at a browser: opens addresses, follows links, fills in forms and submits them.

It speaks to the application in this process, keeps its cookies, and takes redirects as far as they
stay at the provider: a redirect to a site is where the walk ends.
"""

from dataclasses import dataclass
from functools import cached_property
from http.client import responses
from urllib.parse import urljoin

from flask import Flask
from werkzeug.test import Client, TestResponse

from tests.support.forms import FormReader, PageForm

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
_MAX_REDIRECTS = 10


@dataclass(frozen=True)
class Page:
    """What a browser shows: its address, status and text; `history` are the redirects before."""

    address: str
    response: TestResponse
    history: tuple[TestResponse, ...] = ()

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status_code

    @cached_property
    def html(self) -> str:
        """The source."""
        return self.response.get_data(as_text=True)

    @cached_property
    def _reader(self) -> FormReader:
        return FormReader(self.html)

    @property
    def links(self) -> dict[str, str]:
        """Addresses by the words of their links."""
        return self._reader.links

    @property
    def forms(self) -> list[PageForm]:
        """Its forms."""
        return self._reader.forms

    @property
    def title(self) -> str:
        """What its <title> says before the name of the house."""
        return self.html.partition("<title>")[2].partition(" – ")[0]

    def find_form(self, button_id: str) -> PageForm:
        """Return the form that has this submit button."""
        for form in self.forms:
            if any(button.id == button_id for button in form.buttons):
                return form
        raise AssertionError(f"no button {button_id} on {self}")

    def __str__(self) -> str:
        return f"{self.status} {responses[self.status]} {self.address} « {self.title} »"


class Visitor:
    """One browser profile at one network address."""

    def __init__(
        self, app: Flask, issuer: str, *, address: str = "192.0.2.10", user_agent: str = FIREFOX
    ) -> None:
        self.client = Client(app)
        self._issuer = issuer
        self._environment = {"REMOTE_ADDR": address}
        self._headers = {"User-Agent": user_agent}

    def request(
        self,
        method: str,
        path: str,
        data: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> TestResponse:
        """Send one request and follow nothing."""
        return self.client.open(
            path.removeprefix(self._issuer),
            method=method,
            data=data,
            base_url=self._issuer,
            headers={**self._headers, **(headers or {})},
            environ_overrides=self._environment,
        )

    def open(self, address: str) -> Page:
        """Open an address of the provider."""
        return self._follow(urljoin(self._issuer, address), self.request("GET", address))

    def submit(self, page: Page, button_id: str, **typed: str) -> Page:
        """Type into a form of the page and press one of its buttons."""
        form = page.find_form(button_id)
        unknown = typed.keys() - form.inputs.keys()
        assert not unknown, f"no field {unknown} on {page}"
        return self.post(form.action or page.address, self.fill(form, button_id, **typed))

    def post(self, address: str, data: dict[str, str]) -> Page:
        """Post fields, without any form."""
        return self._follow(urljoin(self._issuer, address), self.request("POST", address, data))

    def fill(self, form: PageForm, button_id: str, **typed: str) -> dict[str, str]:
        """Return what a form would send."""
        pressed = {b.name: b.value for b in form.buttons if b.id == button_id and b.name}
        return {**form.fields, **typed, **pressed}

    def follow(self, page: Page, words: str) -> Page:
        """Follow the link of these words."""
        return self.open(urljoin(page.address, page.links[words]))

    def read_cookie(self, name: str) -> str | None:
        """Return the value of a cookie, None where the browser has none."""
        cookie = self.client.get_cookie(f"__Host-{name}", self._issuer.partition("://")[2])
        return cookie.value if cookie else None

    def forget_cookie(self, name: str) -> None:
        """Clear a cookie, as a practitioner does."""
        self.client.delete_cookie(f"__Host-{name}", domain=self._issuer.partition("://")[2])

    def _follow(self, address: str, response: TestResponse) -> Page:
        history: list[TestResponse] = []
        while location := response.headers.get("Location"):
            target = urljoin(address, location)
            if not target.startswith(f"{self._issuer}/") or len(history) == _MAX_REDIRECTS:
                return Page(target, response, tuple(history))
            history.append(response)
            address, response = target, self.request("GET", target)
        return Page(address, response, tuple(history))
