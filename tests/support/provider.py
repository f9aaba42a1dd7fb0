"""The provider with people around it: practitioners at their browsers, and the mails they get."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from idp.accounts.account import Account, AccountState
from idp.accounts.iban import make_suffix_digest
from idp.accounts.practitioner import Practitioner
from idp.secret_values import random_id
from tests.support.mailbox import Mailbox
from tests.support.protocol_house import CHALLENGE, ISSUER, REDIRECT_URI, SECRET, SITE, VERIFIER
from tests.support.provider_app import ProviderApp
from tests.support.signing import START
from tests.support.visitor import Page, Visitor

FINESS = "750001232"
OTHER_FINESS = "690000013"
UNKNOWN_FINESS = "330000019"
SUFFIX = "02606"
EMAIL = "camille.martin@orange.example"
PASSWORD = "Le chat dort 8 fois"
NEW_PASSWORD = "Vélo rouge, 3 freins"
SITE_ENTRY = "https://site.example/connexion"
WAITING_SITE = replace(SITE, initiate_login_uri=SITE_ENTRY)
"""A site of the house: nobody is asked what it may know."""
THIRD_SITE = replace(SITE, client_id="third", name="Agenda partagé", is_first_party=False)
"""Somebody else's site: it asks for consent."""


class Provider:
    """One provider, its mailbox, and whoever comes."""

    def __init__(self, running: ProviderApp) -> None:
        self.running = running
        self.clock = running.clock
        self.mailbox = Mailbox(running.built)

    def open_browser(self, address: str = "192.0.2.10") -> Visitor:
        """Return a browser without cookies at this network address."""
        return Visitor(self.running.app, ISSUER, address=address)

    def add_practitioner(
        self, finess: str = FINESS, *, suffix: str | None = SUFFIX, email: str | None = None
    ) -> None:
        """Put a practitioner into the directory."""
        keys = self.running.built.services.tools.iban_keys
        on_file = make_suffix_digest(keys, finess, suffix) if suffix else None
        with self.running.built.open_unit() as unit:
            unit.practitioners.save(
                Practitioner(
                    finess=finess,
                    name="Cabinet Delorme",
                    email=email,
                    iban_digest=on_file.digest if on_file else None,
                    iban_key_version=on_file.key_version if on_file else None,
                    updated_at=START,
                )
            )
            unit.commit()

    def add_account(self, finess: str = FINESS, *, email: str | None = EMAIL) -> Account:
        """Put a practitioner with an account into the database; PASSWORD opens it."""
        self.add_practitioner(finess)
        account = Account(
            sub=random_id(),
            finess=finess,
            state=AccountState.ACTIVE if email else AccountState.WITHOUT_EMAIL,
            email=email,
            email_verified_at=self.clock.now() if email else None,
            password_hash=self.running.built.services.tools.hasher.hash(PASSWORD),
            password_changed_at=self.clock.now(),
            created_at=self.clock.now(),
        )
        with self.running.built.open_unit() as unit:
            assert unit.accounts.add(account)
            unit.commit()
        return account

    def find_account(self, finess: str = FINESS) -> Account | None:
        """Return the account of a number that is not closed."""
        with self.running.built.open_unit() as unit:
            return unit.accounts.find_by_finess(finess)

    def start_at_site(self, visitor: Visitor, **parameters: str) -> Page:
        """Arrive from the site WAITING_SITE with an authorization request."""
        query = {
            "client_id": WAITING_SITE.client_id,
            "redirect_uri": REDIRECT_URI,
            "response_type": "code",
            "scope": "openid",
            "state": "state-of-the-site",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **parameters,
        }
        return visitor.open(f"/authorize?{'&'.join(f'{k}={v}' for k, v in query.items())}")

    def redeem(self, page: Page, client_id: str = WAITING_SITE.client_id) -> dict[str, str]:
        """Give the site its tokens for the answer it got."""
        data = {
            "grant_type": "authorization_code",
            "code": read_answer(page)["code"],
            "redirect_uri": REDIRECT_URI,
            "client_id": client_id,
            "client_secret": SECRET,
            "code_verifier": VERIFIER,
        }
        response = self.open_browser("203.0.113.5").request("POST", "/token", data)
        assert response.status_code == 200, response.text
        return dict(response.json or {})

    def sign_in(
        self,
        visitor: Visitor,
        finess: str = FINESS,
        *,
        password: str = PASSWORD,
        page: Page | None = None,
    ) -> Page:
        """Type number and password into the login page."""
        form = page or visitor.open("/connexion")
        return visitor.submit(form, "login-submit", finess=finess, password=password)

    def prove(
        self,
        visitor: Visitor,
        finess: str = FINESS,
        *,
        suffix: str = SUFFIX,
        path: str = "/inscription",
    ) -> Page:
        """Type number and IBAN into step 1 of a door."""
        page = visitor.open(path)
        return visitor.submit(page, "proof-submit", finess=finess, iban_suffix=suffix)


def fill_account(
    visitor: Visitor, page: Page, *, email: str = EMAIL, password: str = PASSWORD
) -> Page:
    """Type address and password twice into step 2 of a door."""
    return visitor.submit(
        page,
        "register-submit",
        email=email,
        email_confirmation=email,
        password=password,
        password_confirmation=password,
    )


def read_answer(page: Page) -> dict[str, str]:
    """Return the parameters of the answer that a site got, once the walk ended there."""
    assert page.address.startswith(REDIRECT_URI), str(page)
    return {name: values[0] for name, values in parse_qs(urlsplit(page.address).query).items()}
