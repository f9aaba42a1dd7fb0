"""One life of the provider in which everything happens: every route, refusal and fault."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NoReturn

from sqlalchemy import text as sql

from idp.accounts.admin import disable_account
from tests.attacks.operations.canaries import Canaries, Recorder
from tests.attacks.people import admin_visit, ask_reset, choose_password, type_code
from tests.support.protocol_house import SECRET, code_parameters
from tests.support.provider import (
    FINESS,
    UNKNOWN_FINESS,
    WAITING_SITE,
    Provider,
    fill_account,
    read_answer,
)
from tests.support.signing import DAY, HOUR, MINUTE
from tests.support.visitor import Page, Visitor

EMAIL = "canari.unique@orange.example"
NEW_EMAIL = "canari.nouveau@orange.example"
WHOLE_IBAN = "FR7630006000011234567890189"
SUFFIX = "90189"
PASSWORD = "Canari posé 1x, jaune"
SECOND_PASSWORD = "Serin vert 2y, bleu"
WRONG = "Faux canari 3z, noir"
SITE_SCOPES = "openid profile email phone address finess"
STATIC = "/static/site.css"
READ_ONLY = (
    *("/", "/aide", "/securite", "/mentions-legales", "/accessibilite", "/check_session"),
    *("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"),
    *("/jwks.json", "/healthz", "/readyz", STATIC, "/bienvenue", "/connexion/rappel"),
    *("/compte/sessions/fermees", "/activation/terminee", "/reinitialisation/terminee"),
    *("/compte/email/annulation/terminee", "/compte/email/confirmation/terminee"),
    *("/mise-a-jour/compte", "/mise-a-jour/envoye"),
)


@dataclass
class CanaryLife:
    """What happens; `recorder` keeps what was answered, `canaries` what must be found nowhere."""

    provider: Provider
    canaries: Canaries = field(default_factory=Canaries)

    def __post_init__(self) -> None:
        for secret in (PASSWORD, SECOND_PASSWORD, WRONG, WHOLE_IBAN, SUFFIX, SECRET):
            self.canaries.plant("typed", secret)
        app = self.provider.running.app
        self.recorder = Recorder(app.wsgi_app, self.canaries)
        app.wsgi_app = self.recorder  # type: ignore[method-assign]

    def live(self) -> None:
        """Let everything happen."""
        owner = self.provider.open_browser()
        self.register(owner)
        self.sign_in(owner)
        self.use_site(owner)
        self.keep_account(owner)
        self.fail()
        self.reset(owner)
        self.break_down(owner)

    def take_mail(self, recipient: str) -> str:
        """Return the link of somebody's latest mail; what is in it is planted."""
        self.provider.clock.advance(MINUTE)
        mail = self.provider.mailbox.read_latest(recipient)
        self.canaries.plant("link", mail.link.partition("token=")[2])
        return mail.link

    def register(self, owner: Visitor) -> None:
        """Go through both doors, with a wrong pair, a weak password and a second mail."""
        self.provider.add_practitioner(suffix=SUFFIX)
        self.provider.prove(owner, suffix="99999")
        step = self.provider.prove(owner, suffix=WHOLE_IBAN, path="/mise-a-jour")
        fill_account(owner, step, email=EMAIL, password=PASSWORD)
        owner.submit(owner.open("/mise-a-jour/envoye"), "resend-submit")
        self.provider.clock.advance(HOUR)
        step = self.provider.prove(owner, suffix=WHOLE_IBAN)
        fill_account(owner, step, email=EMAIL, password=f"Aa1!{FINESS}")
        fill_account(owner, step, email=EMAIL, password=PASSWORD)
        self.provider.clock.advance(MINUTE)
        owner.submit(owner.open("/inscription/envoye"), "resend-submit")
        link = self.take_mail(EMAIL)
        owner.submit(owner.open(link), "activate-submit")
        owner.open(link)

    def sign_in(self, visitor: Visitor, password: str = PASSWORD) -> Page:
        """Type the number and a password."""
        return self.provider.sign_in(visitor, password=password)

    def use_site(self, owner: Visitor) -> None:
        """Give a site tokens, use each and its wrong uses; sign in anew where sign-out is asked."""
        page = self.provider.start_at_site(owner, scope=SITE_SCOPES)
        tokens = self.provider.redeem(page)
        server = self.provider.open_browser("203.0.113.5")
        client = {"client_id": WAITING_SITE.client_id, "client_secret": SECRET}
        access, refresh = tokens["access_token"], tokens["refresh_token"]
        server.request("GET", "/userinfo", headers={"Authorization": f"Bearer {access}"})
        for path in ("/introspect", "/revoke"):
            server.request("POST", path, {**client, "token": access})
            server.request("OPTIONS", path)
        wrong = {**code_parameters(read_answer(page)["code"]), "client_secret": WRONG}
        for parameters in (
            wrong,
            {**client, "grant_type": "refresh_token", "refresh_token": refresh},
        ):
            server.request("POST", "/token", parameters)
        request = {**client, "response_type": "code", "redirect_uri": "https://site.example/x"}
        server.request("POST", "/par", request)
        for path in ("/token", "/userinfo"):
            server.request("OPTIONS", path)
        asked = self.provider.start_at_site(owner, client_id="third")
        self.provider.redeem(owner.submit(asked, "consent-accept"), "third")
        owner.submit(owner.open("/compte/sites"), "withdraw-1")
        asked = self.provider.start_at_site(owner, client_id="third")
        owner.submit(asked, "consent-deny")
        owner.submit(owner.open("/end_session"), "logout-confirm")
        self.sign_in(owner)

    def keep_account(self, owner: Visitor) -> None:
        """Read and change what Mon compte shows; undo a change of address."""
        for path in READ_ONLY:
            owner.request("GET", path)
        owner.submit(owner.open("/compte/donnees"), "data-submit")
        self.provider.clock.advance(91 * DAY)
        other = self.provider.open_browser("192.0.2.44")
        reminder = self.sign_in(other)
        other.submit(reminder, "later-submit")
        other.submit(other.open("/compte/sessions"), "sign-out-everywhere")
        self.sign_in(owner)
        new = dict.fromkeys(("password", "password_confirmation"), SECOND_PASSWORD)
        for current in (WRONG, PASSWORD):
            page = owner.open("/compte/mot-de-passe")
            owner.submit(page, "password-submit", current_password=current, **new)
        address = dict.fromkeys(("email", "email_confirmation"), NEW_EMAIL)
        page = owner.open("/compte/email")
        owner.submit(page, "email-submit", current_password=SECOND_PASSWORD, **address)
        owner.submit(owner.open(self.take_mail(NEW_EMAIL)), "email-confirm-submit")
        owner.open(self.take_mail(EMAIL))

    def fail(self) -> None:
        """Be refused in every way: wrong, blocked, forged, unknown, too long, too often."""
        stranger = self.provider.open_browser("198.51.100.7")
        for finess in (UNKNOWN_FINESS, FINESS):
            for _ in range(4):
                self.provider.sign_in(stranger, finess, password=WRONG)
        stranger.request("POST", "/connexion", {"finess": FINESS, "password": PASSWORD})
        stranger.request("POST", "/connexion", {"password": PASSWORD * 4000})
        stranger.request("GET", f"/nothing?password={PASSWORD}&email={EMAIL}")
        stranger.request("DELETE", f"/connexion?finess={FINESS}")
        stranger.request("GET", "/connexion", headers={"Host": "evil.example"})
        stranger.request("GET", f"/authorize?client_id={EMAIL}&redirect_uri=https://evil.example")
        stranger.request("GET", "/userinfo", headers={"Authorization": f"Bearer {WRONG}"})
        for path in ("/activation", "/reinitialisation", "/compte/email/annulation"):
            stranger.open(f"{path}?token=made-up")

    def reset(self, owner: Visitor) -> None:
        """Forget the password; type a wrong code first, and a weak password."""
        self.provider.clock.advance(25 * HOUR)
        ask_reset(owner, email=WRONG.replace(" ", "") + "@orange.example")
        ask_reset(owner, email=NEW_EMAIL)
        link = self.take_mail(NEW_EMAIL)
        code = self.canaries.plant("code", self.provider.mailbox.read_latest(NEW_EMAIL).code)
        type_code(owner, link, "000000" if code != "000000" else "111111")
        page = type_code(owner, link, code)
        choose_password(owner, page, f"Aa1!{FINESS}")
        choose_password(owner, page, PASSWORD)
        self.sign_in(owner)

    def break_down(self, owner: Visitor) -> None:
        """Crash in a check, lose a table, have no slot free; undo an address, be suspended."""
        with self.crashing_hasher():
            self.sign_in(self.provider.open_browser())
        with self.lost_table():
            self.sign_in(self.provider.open_browser())
        with self.provider.running.built.services.tools.hasher.slots.take():
            self.sign_in(self.provider.open_browser())
        undo = next(
            mail.link
            for mail in reversed(self.provider.mailbox.read(EMAIL))
            if "annulation" in mail.text
        )
        owner.submit(owner.open(undo), "email-undo-submit")
        disable_account(admin_visit(self.provider), FINESS, reason="test")
        self.sign_in(self.provider.open_browser())

    @contextmanager
    def crashing_hasher(self) -> Iterator[None]:
        """Let the check of a password fail as a library would, its arguments in the message."""
        hasher = self.provider.running.built.services.tools.hasher

        def crash(stored: str | None, password: str) -> NoReturn:
            raise RuntimeError(f"cannot compare {password} with {stored} for {EMAIL}")

        hasher.is_right = crash  # type: ignore[method-assign]
        yield
        del hasher.is_right

    @contextmanager
    def lost_table(self) -> Iterator[None]:
        """Let the database refuse a statement, its parameters at hand."""
        writer = self.provider.running.built.database.engines.writer
        with writer.connect() as connection:
            connection.execute(sql("ALTER TABLE attempts RENAME TO lost"))
        yield
        with writer.connect() as connection:
            connection.execute(sql("ALTER TABLE lost RENAME TO attempts"))
