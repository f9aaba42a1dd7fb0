"""Attack cases C56 to C61: telling known numbers and addresses from unknown ones. C57 is timed."""

from collections.abc import Callable
from functools import partial

from tests.attacks.people import (
    DISABLED_FINESS,
    SUSPENDED_EMAIL,
    WRONG,
    add_disabled_account,
    ask_reset,
    comparable,
    dump_rows,
)
from tests.support.provider import (
    EMAIL,
    FINESS,
    OTHER_FINESS,
    UNKNOWN_FINESS,
    Provider,
    fill_account,
)
from tests.support.statement_counts import count_statements
from tests.support.visitor import Page, Visitor

WAITING_FINESS = "840000012"
OTHER_EMAIL = "autre@orange.example"

Work = tuple[list[str], int]


def watch(provider: Provider, act: Callable[[], Page]) -> tuple[Page, Work]:
    """Return a page, and the statements and the number of commits that it cost."""
    with count_statements(provider.running.built.database) as counts:
        page = act()
    return page, (counts.statements, counts.commits)


def add_everybody(provider: Provider) -> tuple[str, ...]:
    """Return numbers of every kind: active, not activated, waiting, disabled, unknown."""
    provider.add_account()
    provider.add_practitioner(OTHER_FINESS)
    provider.add_practitioner(WAITING_FINESS)
    visitor = provider.open_browser()
    fill_account(visitor, provider.prove(visitor, WAITING_FINESS))
    add_disabled_account(provider)
    return FINESS, OTHER_FINESS, WAITING_FINESS, DISABLED_FINESS, UNKNOWN_FINESS


def test_c56_one_answer_for_every_number(provider: Provider) -> None:
    """C56: at each count of failures: the same status, bytes, headers and cookies for all."""
    series = []
    for finess in add_everybody(provider):
        visitor = provider.open_browser()
        pages = [provider.sign_in(visitor, finess, password=WRONG) for _ in range(4)]
        series.append([comparable(page, finess) for page in pages])
    assert [status for status, _, _ in series[0]] == [422, 422, 429, 429]
    assert all(each == series[0] for each in series)


def test_c56_one_answer_with_a_site_waiting(provider: Provider) -> None:
    """C56: the same where a site waits: the page then differs by the site, not by the number."""
    answers = []
    for finess in add_everybody(provider):
        visitor = provider.open_browser()
        start = provider.start_at_site(visitor)
        page = provider.sign_in(visitor, finess, password=WRONG, page=start)
        sealed = start.find_form("login-submit").fields["request"]
        answers.append(comparable(page, sealed, finess))
    assert all(each == answers[0] for each in answers)


def test_c58_unknown_numbers_are_blocked_alike(provider: Provider, visitor: Visitor) -> None:
    """C58: three failures block a number that nobody has, and no row of the counters names it."""
    for _ in range(3):
        page = provider.sign_in(visitor, UNKNOWN_FINESS, password=WRONG)
    assert (page.status, page.title) == (429, "Accès bloqué")
    counters = [row for row in dump_rows(provider).splitlines() if row.startswith("attempts:")]
    assert counters
    assert UNKNOWN_FINESS not in "".join(counters)


def test_c59_one_answer_for_every_wrong_pair(provider: Provider) -> None:
    """C59: unknown number, wrong pair, no RIB on file: the same bytes after the same work."""
    provider.add_practitioner()
    provider.add_practitioner(OTHER_FINESS, suffix=None)
    series = []
    for finess in (FINESS, OTHER_FINESS, UNKNOWN_FINESS):
        prove = partial(provider.prove, provider.open_browser(), finess, suffix="99999")
        watched = [watch(provider, prove) for _ in range(4)]
        series.append([(comparable(page, finess), work) for page, work in watched])
    assert [answer[0] for answer, _ in series[0]] == [422, 422, 429, 429]
    assert all(each == series[0] for each in series)


def test_c60_forgotten_password_says_nothing(provider: Provider) -> None:
    """C60: match or not, the same answer after the same work; one mail, or none."""
    provider.add_account()
    provider.add_account(OTHER_FINESS, email=OTHER_EMAIL)
    add_disabled_account(provider)
    answers = []
    for finess, email in (
        (FINESS, EMAIL),
        (FINESS, OTHER_EMAIL),
        (UNKNOWN_FINESS, EMAIL),
        (DISABLED_FINESS, SUSPENDED_EMAIL),
    ):
        ask = partial(ask_reset, provider.open_browser(), finess=finess, email=email)
        page, work = watch(provider, ask)
        answers.append((comparable(page), work))
        assert email not in page.html
    assert all(each == answers[0] for each in answers)
    sent = [len(provider.mailbox.read(to)) for to in (EMAIL, OTHER_EMAIL, SUSPENDED_EMAIL)]
    assert sent == [1, 0, 0]


def test_c61_links_that_are_nobodys(provider: Provider, visitor: Visitor) -> None:
    """C61: made up, of another purpose, none: one page at every door of a mailed link."""
    provider.add_account()
    ask_reset(visitor)
    real = provider.mailbox.read_latest(EMAIL).link.partition("token=")[2]
    doors = {
        "/activation": ("x" * 43, real, ""),
        "/reinitialisation": ("x" * 43, "é", ""),
        "/compte/email/confirmation": ("x" * 43, real, ""),
        "/compte/email/annulation": ("x" * 43, real, ""),
    }
    for path, tokens in doors.items():
        pages = []
        for token in tokens:
            stranger = provider.open_browser()
            pages.append(comparable(stranger.open(f"{path}?token={token}")))
        assert pages[0][0] == 404
        assert all(page == pages[0] for page in pages)
