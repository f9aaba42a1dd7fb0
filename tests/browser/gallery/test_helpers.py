"""What JavaScript adds to the pages, and that they do without it."""

import pytest
from playwright.sync_api import expect

from tests.browser.gallery.conftest import ShowPage


def test_password_is_shown_on_demand(show_page: ShowPage) -> None:
    """« Afficher » shows the password and « Masquer » hides it again."""
    page = show_page("login")
    page.fill("#password", "Camion-Rouge7")
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    page.get_by_role("button", name="Masquer").click()
    expect(page.locator("#password")).to_have_attribute("type", "password")


def test_shown_password_is_hidden_before_it_is_sent(show_page: ShowPage) -> None:
    """The field is a password again when the form leaves: the browser's history learns nothing."""
    page = show_page("login")
    page.get_by_role("button", name="Afficher").click()
    page.evaluate("document.querySelector('main form').dispatchEvent(new Event('submit'))")
    expect(page.locator("#password")).to_have_attribute("type", "password")


@pytest.mark.parametrize(
    "typed, met",
    [
        ("a", {"lower"}),
        ("Àé", {"upper", "lower"}),
        ("mot de passe", {"length", "lower", "special"}),
        ("Camion-Rouge7", {"length", "upper", "lower", "digit", "special"}),
        ("x" * 26, {"lower"}),
        # Counted in code points: eight, not sixteen.
        ("🚒" * 8, {"length", "special"}),
        ("١٢٣٤٥٦٧٨", {"length", "digit"}),
    ],
)
def test_rules_are_marked_as_one_types(typed: str, met: set[str], show_page: ShowPage) -> None:
    """Each rule of passwords is marked by a sign and in words, as the server will judge."""
    page = show_page("account")
    page.fill("#password", typed)
    marked = page.locator("[data-rule][data-state=met]")
    assert {item.get_attribute("data-rule") for item in marked.all()} == met
    assert all("respecté" in text for text in marked.all_inner_texts())


@pytest.mark.parametrize(
    "typed, kept, said",
    [
        ("75 000 123 2", "750001232", ""),
        ("75.000.123.2", "750001232", ""),
        ("2a0001234", "2A0001234", ""),
        ("75000123", "75000123", "il semble manquer le dernier."),
        ("0561132020", "0561132020", "numéro de téléphone"),
        ("750001233", "750001233", "vérifiez votre saisie."),
        ("10001234567", "10001234567", "RPPS"),
        ("12345678900012", "12345678900012", "SIRET"),
        ("7500", "7500", "vous en avez saisi 4"),
    ],
)
def test_finess_slips_are_named(typed: str, kept: str, said: str, show_page: ShowPage) -> None:
    """Spaces and dots go, letters become capitals, and a likely slip is named, never refused."""
    page = show_page("proof")
    page.fill("#finess", typed)
    page.locator("#finess").blur()
    expect(page.locator("#finess")).to_have_value(kept)
    expect(page.locator("#finess + [role=status]")).to_contain_text(said)
    if not said:
        expect(page.locator("#finess + [role=status]")).to_be_empty()


def test_hint_replaces_what_the_server_said(show_page: ShowPage) -> None:
    """A changed number gets one message, of itself: the server's was of the one before."""
    page = show_page("proof-slip")
    expect(page.locator("#finess-fault-1")).to_contain_text("il semble manquer le dernier")
    page.fill("#finess", "75000124")
    page.locator("#finess").blur()
    expect(page.locator(".field:has(#finess) :is(.fault, .gentle)")).to_have_count(1)
    page.fill("#finess", "750001232")
    page.locator("#finess").blur()
    expect(page.locator(".field:has(#finess) :is(.fault, .gentle)")).to_have_count(0)
    expect(page.locator("#finess")).not_to_have_attribute("aria-invalid", "true")


def test_ninth_digit_is_offered(show_page: ShowPage) -> None:
    """Eight digits propose the ninth, the key; one press takes it."""
    page = show_page("proof")
    page.fill("#finess", "75000123")
    page.locator("#finess").blur()
    page.get_by_role("button", name="75\u00a0000\u00a0123\u00a02").click()
    expect(page.locator("#finess")).to_have_value("750001232")


def test_whole_iban_is_cut(show_page: ShowPage) -> None:
    """A whole IBAN leaves its last five characters, and the page says so."""
    page = show_page("proof")
    page.fill("#iban_suffix", "fr14 2004 1010 0505 0001 3m02 606")
    page.locator("#iban_suffix").blur()
    expect(page.locator("#iban_suffix")).to_have_value("02606")
    expect(page.locator("#iban_suffix + [role=status]")).to_have_text(
        "Seuls les 5\u00a0derniers caractères sont gardés."
    )


@pytest.mark.parametrize(
    "typed, offered",
    [
        ("martin@ornage.fr", "martin@orange.fr"),
        ("Martin@gmial.com", "Martin@gmail.com"),
        ("martin@wanado.fr", "martin@wanadoo.fr"),
    ],
)
def test_mistyped_domain_is_offered_right(typed: str, offered: str, show_page: ShowPage) -> None:
    """« Vouliez-vous dire …@orange.fr ? »: one press corrects the address."""
    page = show_page("account")
    page.fill("#email", typed)
    page.locator("#email").blur()
    page.get_by_role("button", name=offered).click()
    expect(page.locator("#email")).to_have_value(offered)


@pytest.mark.parametrize("typed", ["martin@orange.fr", "martin@chu-lyon.fr", "martin", "@", ""])
def test_other_domains_are_left_alone(typed: str, show_page: ShowPage) -> None:
    """A known domain, one unlike any, and what is no address are not questioned."""
    page = show_page("account")
    page.fill("#email", typed)
    page.locator("#email").blur()
    expect(page.locator("#email + [role=status]")).to_be_empty()


def test_code_swallows_spaces(show_page: ShowPage) -> None:
    """A pasted code keeps its six digits."""
    page = show_page("reset-code")
    page.fill("#code", " 482 915 ")
    expect(page.locator("#code")).to_have_value("482915")


def test_resend_waits_its_time(show_page: ShowPage) -> None:
    """« Renvoyer » can be pressed once the countdown is over."""
    page = show_page("check-mail")
    page.clock.install()
    page.reload()
    expect(page.locator("#resend-submit")).to_be_disabled()
    expect(page.locator("#countdown")).to_contain_text("Possible dans")
    page.clock.run_for(61_000)
    expect(page.locator("#resend-submit")).to_be_enabled()
    expect(page.locator("#countdown")).to_be_empty()


def test_logout_goes_on_once_the_sites_are_told(show_page: ShowPage) -> None:
    """With frames loaded, the page goes on to the site that asked."""
    page = show_page("logout-frames")
    page.wait_for_url("**#contenu")


@pytest.mark.parametrize("name", ["login", "account", "proof", "check-mail", "reset-code"])
def test_pages_do_without_scripts(name: str, show_page: ShowPage) -> None:
    """Without JavaScript every field and button is there, and nothing is disabled."""
    page = show_page(name, java_script_enabled=False)
    assert page.locator("main button[type=submit]").first.is_enabled()
    assert page.locator(".reveal").count() == 0
