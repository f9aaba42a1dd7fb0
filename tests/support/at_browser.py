"""A practitioner at Chromium: types, presses, reads mails, and comes to the next page."""

import re
from dataclasses import dataclass, replace

from playwright.sync_api import Locator, Page, expect

from idp.demo.plan import DemoPlan
from tests.support.demo import PASSWORD, Registrant
from tests.support.network import wait_until

WRONG_PASSWORD = "Le chat dort 9 fois"
NEW_PASSWORD = "Vélo rouge, 3 freins"


@dataclass(frozen=True)
class AtBrowser:
    """One tab of a practitioner's browser; `plan` tells where the demo's parts are."""

    page: Page
    plan: DemoPlan
    registrant: Registrant

    def move_to(self, page: Page) -> "AtBrowser":
        """Return the same practitioner at another tab or browser."""
        return replace(self, page=page)

    def turn_to(self) -> None:
        """Bring this tab to the front: Chromium draws others once a second, and loses clicks."""
        self.page.bring_to_front()

    @property
    def heading(self) -> Locator:
        """What the page is about."""
        return self.page.get_by_role("heading", level=1)

    def visit_site(self) -> None:
        """Press « Se connecter » at the site."""
        self.page.goto(self.plan.site_url)
        self.page.click("#site-login")

    def open(self, path: str) -> None:
        """Open a page of the provider."""
        self.page.goto(f"{self.plan.issuer}{path}")

    def expect_signed_in(self) -> None:
        """Be at the site, which knows who came.

        Raises:
            AssertionError: the site does not say so.
        """
        expect(self.page.locator("#signed-in")).to_contain_text(self.registrant.name)

    def sign_out(self) -> None:
        """Press « Se déconnecter » at the site."""
        self.page.click("#site-logout")
        expect(self.heading).to_have_text("Vous êtes déconnecté")

    def press(self, button_id: str, **typed: str) -> None:
        """Type into the fields of these ids, and press a button."""
        for field, value in typed.items():
            self.page.fill(f"#{field}", value)
        self.page.click(f"#{button_id}")

    def follow(self, words: str) -> None:
        """Press the one link of these words in the page's content."""
        self.page.get_by_role("main").get_by_role("link", name=words).click()

    def prove(self) -> None:
        """Give number and IBAN in step 1 of Inscription."""
        registrant = self.registrant
        self.press("proof-submit", finess=registrant.finess, iban_suffix=registrant.iban_suffix)

    def fill_account(self) -> None:
        """Give address and password in step 2."""
        self.press("register-submit", **self.registrant.account_fields)

    def choose_password(self, password: str, **typed: str) -> None:
        """Type a new password twice, and what else the form asks."""
        twice = dict.fromkeys(("password", "password_confirmation"), password)
        self.press("password-submit", **typed, **twice)

    def open_mail(self, subject: str, number: int = 1) -> None:
        """Open the practitioner's first mail of this subject, or a later one, once it came.

        Theirs are all whose address names their FINESS number.
        """
        self.turn_to()
        mine = self.page.locator("tr", has_text=self.registrant.finess)
        mail = mine.get_by_role("link", name=subject).nth(-number)  # the latest stands on top

        def is_there() -> bool:
            self.page.goto(self.plan.mailbox_url)
            return mail.is_visible()

        wait_until(is_there, timeout=20, every=0.2, what=subject)
        mail.click()

    def read_code(self) -> str:
        """Return the verification code in the open mail."""
        found = re.search(r": (\d{6})\b", self.page.inner_text("#mail-text"))
        assert found
        return found[1]

    def follow_mailed_link(self, words: str) -> "AtBrowser":
        """Press the button of these words in the open mail; return the tab it opens."""
        mail = self.page.frame_locator("#mail-html")
        with self.page.expect_popup() as opened:
            mail.get_by_role("link", name=words).click()
        return self.move_to(opened.value)

    def sign_in(self, password: str = PASSWORD) -> None:
        """Fill in the login page."""
        self.press("login-submit", finess=self.registrant.finess, password=password)
