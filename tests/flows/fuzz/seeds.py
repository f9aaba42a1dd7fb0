"""Good requests of every kind, to be spoilt: what browsers and relying parties really send."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from idp.protocol.vocabulary import AUTHORIZATION_PARAMETERS
from tests.support.protocol_house import (
    SECRET,
    authorization_parameters,
    code_parameters,
)
from tests.support.provider import EMAIL, FINESS, PASSWORD, SUFFIX, Provider, fill_account
from tests.support.visitor import Page, Visitor

CODE, ACCESS_TOKEN, REFRESH_TOKEN, ID_TOKEN = "{code}", "{access}", "{refresh}", "{id_token}"
SESSION = "{session}"
"""Like the four above: stands for a fresh one, made when the request is sent."""

TYPED = {
    "finess": FINESS,
    "password": PASSWORD,
    "password_confirmation": PASSWORD,
    "current_password": PASSWORD,
    "email": EMAIL,
    "email_confirmation": EMAIL,
    "iban_suffix": SUFFIX,
    "code": "123456",
}
COOKIES = ("session", "csrf", "flow", "device")
NEW_FINESS, NEW_EMAIL, OTHER_EMAIL = "310000112", "nouveau@orange.example", "autre@orange.example"
CONFIDENTIAL = {"client_id": "site", "client_secret": SECRET}

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """One request: everything in it is text, to be encoded when it is sent."""

    method: str
    path: str
    query: Pairs = ()
    form: Pairs = ()
    headers: Pairs = ()
    cookies: Pairs = field(default=())

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def collect_seeds(provider: Provider) -> list[Request]:
    """Walk every journey, and return the requests of all pages seen and of all endpoints."""
    return [*_walk_pages(provider), *_list_endpoint_requests()]


def _walk_pages(provider: Provider) -> Iterator[Request]:
    provider.add_practitioner(NEW_FINESS)
    for walk in (_register, _look_around, _change_email, _reset):
        visitor = provider.open_browser()
        for page in walk(provider, visitor):
            yield from _read_page(page, visitor)


def _register(provider: Provider, visitor: Visitor) -> Iterator[Page]:
    login = provider.start_at_site(visitor)
    yield login
    yield visitor.follow(login, "Inscription")
    account = provider.prove(visitor, NEW_FINESS)
    yield account
    yield fill_account(visitor, account, email=NEW_EMAIL)
    yield visitor.open("/mise-a-jour")
    account = provider.prove(visitor, NEW_FINESS, path="/mise-a-jour")
    yield account
    yield fill_account(visitor, account, email=NEW_EMAIL)
    yield visitor.open(provider.mailbox.read_latest(NEW_EMAIL).link)


def _reset(provider: Provider, visitor: Visitor) -> Iterator[Page]:
    form = visitor.open("/mot-de-passe-oublie")
    yield form
    yield visitor.submit(form, "reset-request-submit", finess=FINESS, email=OTHER_EMAIL)
    mail = provider.mailbox.read_latest(OTHER_EMAIL)
    code_form = visitor.open(mail.link)
    yield code_form
    yield visitor.submit(code_form, "code-submit", finess=FINESS, code=mail.code)


def _look_around(provider: Provider, visitor: Visitor) -> Iterator[Page]:
    yield provider.sign_in(visitor)
    for path in ("", "/mot-de-passe", "/email", "/sessions", "/sites", "/donnees"):
        yield visitor.open(f"/compte{path}")
    yield visitor.open("/connexion/rappel?kind=email")
    yield visitor.open("/end_session")
    yield provider.start_at_site(visitor, client_id="third")


def _change_email(provider: Provider, visitor: Visitor) -> Iterator[Page]:
    provider.sign_in(visitor)
    visitor.submit(
        visitor.open("/compte/email"),
        "email-submit",
        email=OTHER_EMAIL,
        email_confirmation=OTHER_EMAIL,
        current_password=PASSWORD,
    )
    confirmation = visitor.open(provider.mailbox.read_latest(OTHER_EMAIL).link)
    yield confirmation
    visitor.submit(confirmation, "email-confirm-submit")
    yield visitor.open(provider.mailbox.read_latest(EMAIL).link)


def _read_page(page: Page, visitor: Visitor) -> Iterator[Request]:
    """Yield the page's own request, and what each of its forms sends."""
    held = {f"__Host-{name}": visitor.read_cookie(name) for name in COOKIES}
    if held["__Host-session"]:
        held["__Host-session"] = SESSION
    cookies = tuple((name, value) for name, value in held.items() if value)
    address = urlsplit(page.address)
    query = tuple(parse_qsl(address.query))
    yield Request("GET", address.path, query=query, cookies=cookies)
    for form in page.forms:
        pressed = {button.name: button.value for button in form.buttons if button.name}
        fields = {**form.fields, **pressed}
        filled = tuple((name, TYPED.get(name, value)) for name, value in fields.items())
        yield Request("POST", urlsplit(form.action).path, form=filled, cookies=cookies)


def _list_endpoint_requests() -> Iterator[Request]:
    everything = dict.fromkeys(AUTHORIZATION_PARAMETERS, "") | {
        **authorization_parameters(nonce="n", login_hint=FINESS, id_token_hint=ID_TOKEN),
        "claims": '{"userinfo":{"email":null},"id_token":{"acr":{"values":["x"]}}}',
        "max_age": "600",
        "ui_locales": "fr en",
        "acr_values": "urn:mnspf:acr:pwd",
        "display": "page",
    }
    asked = {name: text for name, text in everything.items() if text}
    for method in ("GET", "POST"):
        where = "query" if method == "GET" else "form"
        for cookies in ((), (("__Host-session", SESSION),)):
            yield Request(method, "/authorize", cookies=cookies, **{where: _pair(asked)})
        yield Request(method, "/end_session", **{where: _pair(_end_session())})
    yield Request("GET", "/authorize", query=_pair({**asked, "prompt": "none"}))
    yield Request("POST", "/par", form=_pair({**asked, **CONFIDENTIAL}))
    yield Request("POST", "/token", form=_pair(code_parameters(CODE)))
    refresh = {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN, **CONFIDENTIAL}
    yield Request("POST", "/token", form=_pair(refresh))
    for path, token in (("/introspect", ACCESS_TOKEN), ("/revoke", REFRESH_TOKEN)):
        yield Request("POST", path, form=_pair({"token": token, **CONFIDENTIAL}))
    bearer = (("Authorization", f"Bearer {ACCESS_TOKEN}"),)
    yield Request("GET", "/userinfo", headers=bearer)
    yield Request("POST", "/userinfo", headers=bearer)
    basic = (("Authorization", "Basic YmFzaWM6eA=="), ("Origin", "https://app.example"))
    yield Request("POST", "/token", form=_pair(code_parameters(CODE))[:2], headers=basic)
    assertion = {"client_assertion": "e30.e30.e30", "client_assertion_type": "x"}
    yield Request("POST", "/token", form=_pair({**code_parameters(CODE), **assertion}))
    for path in ("/.well-known/openid-configuration", "/jwks.json", "/check_session"):
        yield Request("GET", path, headers=(("If-None-Match", '"x"'),))


def _end_session() -> Mapping[str, str]:
    return {
        "id_token_hint": ID_TOKEN,
        "client_id": "site",
        "post_logout_redirect_uri": "https://site.example/bye",
        "state": "x",
        "logout_hint": FINESS,
        "ui_locales": "fr",
    }


def _pair(parameters: Mapping[str, str]) -> Pairs:
    return tuple(parameters.items())
