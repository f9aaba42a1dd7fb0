"""A practitioner at Chromium: types, presses, reads mails, and comes to the next page."""

from dataclasses import dataclass, replace

from playwright.sync_api import Locator, Page, expect

from tests.support.demo import PASSWORD, Registrant, RunningDemo

WRONG_PASSWORD = "Le chat dort 9 fois"


@dataclass(frozen=True)
class AtBrowser:
    """One tab of a practitioner's browser."""

    page: Page
    demo: RunningDemo
    registrant: Registrant

    def move_to(self, page: Page) -> "AtBrowser":
        """Return the same practitioner at another tab or browser."""
        return replace(self, page=page)

    @property
    def heading(self) -> Locator:
        """What the page is about."""
        return self.page.get_by_role("heading", level=1)

    def visit_site(self) -> None:
        """Press « Se connecter » at the site."""
        self.page.goto(self.demo.plan.site_url)
        self.page.click("#site-login")

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

    def prove(self) -> None:
        """Give number and IBAN in step 1 of Inscription."""
        registrant = self.registrant
        self.press("proof-submit", finess=registrant.finess, iban_suffix=registrant.iban_suffix)

    def fill_account(self) -> None:
        """Give address and password in step 2."""
        self.press("register-submit", **self.registrant.account_fields)

    def open_mail(self, subject: str) -> None:
        """Open the practitioner's mail of this subject in the mailbox page, once it came."""
        self.page.goto(self.demo.plan.mailbox_url)
        mine = self.page.locator("tr", has_text=self.registrant.email)
        link = mine.get_by_role("link", name=subject)
        expect(link).to_be_visible(timeout=20_000)  # the page reloads itself every three seconds
        link.click()

    def follow_mailed_link(self, words: str) -> "AtBrowser":
        """Press the button of these words in the open mail; return the tab it opens."""
        mail = self.page.frame_locator("#mail-html")
        with self.page.expect_popup() as opened:
            mail.get_by_role("link", name=words).click()
        return self.move_to(opened.value)

    def sign_in(self, password: str = PASSWORD) -> None:
        """Fill in the login page."""
        self.press("login-submit", finess=self.registrant.finess, password=password)
