"""What time does in Chromium: tabs left open overnight, and a password of three months.

All kinds of browser live through the same night; each test looks at one page of the morning.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from tests.conftest import OpenPage
from tests.support.at_browser import NEW_PASSWORD, AtBrowser
from tests.support.chromium import opening_pages
from tests.support.databases import Databases
from tests.support.demo import PASSWORD, make_registrants
from tests.support.night_stage import NightStage, night_stage
from tests.support.provider import Provider
from tests.support.provider_app import make_keys_folder
from tests.support.signing import DAY
from tests.support.story import KINDS, Seen, Story, find_wide_pages, look

pytestmark = pytest.mark.timeout(300)

SLEEPER, *REMINDED = make_registrants(1 + len(KINDS))
"""Who leaves tabs open; and, for each kind of browser, somebody whose password is old."""


@pytest.fixture(scope="module")
def stage(
    tmp_path_factory: pytest.TempPathFactory, sqlite_databases: Databases
) -> Iterator[NightStage]:
    """The provider and its site, and people with accounts."""
    keys = make_keys_folder(tmp_path_factory.mktemp("night") / "keys", ("RS256", "ES256"))
    database = sqlite_databases.create_migrated()
    with night_stage(keys, sqlite_databases.url(database)) as stage:
        with stage.prepare() as provider:
            add_people(provider)
        yield stage
    sqlite_databases.drop(database)


def add_people(provider: Provider) -> None:
    """Open the accounts: of some months ago, and one of the other day."""
    provider.clock.advance(-91 * DAY)
    for each in REMINDED:
        provider.add_account(each.finess, email=each.email)
    provider.clock.advance(89 * DAY)
    provider.add_account(SLEEPER.finess, email=SLEEPER.email)


@dataclass(frozen=True)
class Night:
    """The tabs of one browser; `yesterday` is opened a day before the others."""

    yesterday: AtBrowser
    evening: AtBrowser
    account: AtBrowser
    reminded: AtBrowser

    def fall_asleep(self) -> None:
        """Leave open the login page, and after a sign-in a form of Mon compte."""
        leave_login_page(self.evening)
        self.account.open("/compte")
        self.account.sign_in()
        self.account.page.wait_for_url("**/compte")
        self.account.open("/compte/mot-de-passe")

    def wake_up(self) -> Iterator[tuple[str, Seen]]:
        """Yield what each tab shows when one goes on where one stopped."""
        self.account.choose_password(NEW_PASSWORD, current_password=PASSWORD)
        yield "form of Mon compte", look(self.account.page)
        self.evening.turn_to()
        self.evening.sign_in()
        yield "login page of the evening", look(self.evening.page)
        self.yesterday.turn_to()
        self.yesterday.sign_in()
        yield "login page of yesterday", look(self.yesterday.page)
        self.yesterday.page.go_back()
        yield "login page of yesterday, loaded anew", look(self.yesterday.page)
        self.yesterday.sign_in()
        yield "login page of yesterday, loaded anew and sent", look(self.yesterday.page)
        self.reminded.visit_site()
        self.reminded.sign_in()
        yield "reminder", look(self.reminded.page)
        self.reminded.press("later-submit")
        yield "reminder postponed", look(self.reminded.page)


def leave_login_page(person: AtBrowser) -> None:
    """Come from the site, and do no more."""
    person.visit_site()
    person.page.wait_for_url("**/connexion?request=*")


def open_tabs(open_page: OpenPage, stage: NightStage, number: int) -> Night:
    """Open a browser of the sleeper, and one of the reminded."""
    first = AtBrowser(open_page(), stage.plan, SLEEPER)
    second, third = (first.move_to(first.page.context.new_page()) for _ in range(2))
    reminded = AtBrowser(open_page(), stage.plan, REMINDED[number])
    return Night(yesterday=first, evening=second, account=third, reminded=reminded)


@pytest.fixture(scope="module")
def mornings(stage: NightStage, browser: Browser) -> Mapping[str, Story]:
    """What each kind of browser showed the morning after."""
    with ExitStack() as opened:
        nights = {
            name: open_tabs(opened.enter_context(opening_pages(browser, **kind)), stage, number)
            for number, (name, kind) in enumerate(KINDS.items())
        }
        with stage.serve("-25h"):
            for night in nights.values():
                leave_login_page(night.yesterday)
        with stage.serve("-20h"):
            for night in nights.values():
                night.fall_asleep()
        with stage.serve():
            return {name: dict(night.wake_up()) for name, night in nights.items()}


@pytest.fixture(params=KINDS)
def story(request: pytest.FixtureRequest, mornings: Mapping[str, Story]) -> Story:
    """The morning of each kind of browser in turn."""
    return mornings[request.param]


def test_evening_page_leads_to_the_site(story: Story, stage: NightStage) -> None:
    """A login page of the evening before signs in, and the site begins anew in silence."""
    seen = story["login page of the evening"]
    assert seen.address == f"{stage.plan.site_url}/espace"
    assert seen.claims["finess"] == SLEEPER.finess


def test_page_of_yesterday_leads_to_the_site(story: Story, stage: NightStage) -> None:
    """So does one whose request is over a day old and can no longer be answered."""
    assert story["login page of yesterday"].address == f"{stage.plan.site_url}/espace"


def test_page_of_yesterday_says_why(story: Story, stage: NightStage) -> None:
    """Loaded anew it says how old it is, and still leads to the site."""
    again = "login page of yesterday, loaded anew"
    assert "Cette page est restée ouverte plus de 24 heures." in story[again].text
    assert story[f"{again} and sent"].address == f"{stage.plan.site_url}/espace"


def test_form_of_an_ended_session_leads_to_the_login(story: Story, stage: NightStage) -> None:
    """Mon compte asks to sign in again, and says why."""
    seen = story["form of Mon compte"]
    assert seen.address == f"{stage.plan.issuer}/connexion?suite=compte"
    assert "Votre session a expiré." in seen.text


def test_old_password_is_mentioned(story: Story) -> None:
    """After three months the page after the login suggests another password."""
    assert "Renouvelez votre mot de passe" in story["reminder"].text


def test_reminder_is_not_in_the_way(story: Story, stage: NightStage) -> None:
    """« Plus tard » goes on to the site."""
    assert story["reminder postponed"].address == f"{stage.plan.site_url}/espace"


def test_no_page_scrolls_sideways(story: Story) -> None:
    """Nothing sticks out of any page, on a phone either."""
    assert find_wide_pages(story) == []
