"""Durations, times, numbers and addresses are written as French people do."""

from datetime import UTC, datetime, timedelta

import pytest

from idp.web.french import (
    mask_email,
    round_up,
    say_day,
    say_duration,
    say_moment,
    write_finess,
)
from idp.web.house import House, build_mail_globals

NOON = datetime(2026, 3, 28, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "duration, said",
    [
        (timedelta(hours=2), "2\u00a0heures"),
        (timedelta(hours=1), "1\u00a0heure"),
        (timedelta(hours=72), "72\u00a0heures"),
        (timedelta(days=90), "90\u00a0jours"),
        (timedelta(days=365), "1\u00a0an"),
        (timedelta(minutes=90), "90\u00a0minutes"),
        (timedelta(seconds=61), "61\u00a0secondes"),
    ],
)
def test_duration_is_said_in_its_largest_unit(duration: timedelta, said: str) -> None:
    """A duration is said in the largest unit that divides it; hours go up to 72."""
    assert say_duration(duration) == said


@pytest.mark.parametrize(
    "at, said",
    [
        (NOON + timedelta(hours=2, minutes=5), "14\u00a0h\u00a005"),
        (NOON - timedelta(days=1), "hier à 12\u00a0h\u00a000"),
        # Clocks go forward in Paris in that night.
        (NOON + timedelta(days=1), "demain à 13\u00a0h\u00a000"),
        (NOON + timedelta(days=4), "le\u00a01er\u00a0avril\u00a02026 à 13\u00a0h\u00a000"),
    ],
)
def test_moment_is_said_in_paris_time(at: datetime, said: str) -> None:
    """A time is said as the clocks of Paris show it, summer time included."""
    assert say_moment(at, NOON) == said


def test_an_end_is_told_a_little_late() -> None:
    """Who comes back at the minute told is let in; the mail tells the minute that the page does."""
    end = NOON + timedelta(minutes=5, seconds=1)
    assert say_moment(round_up(end), NOON) == "12\u00a0h\u00a006"
    assert say_moment(round_up(NOON), NOON) == "12\u00a0h\u00a000"
    house = House(issuer="https://id.example", issuer_host="id.example", home_url="/")
    say_end = build_mail_globals(house)["say_end"]
    assert say_end(end.isoformat()) == "le\u00a028\u00a0mars\u00a02026 à 12\u00a0h\u00a006"


def test_day_is_said_in_paris() -> None:
    """After midnight in Paris it is the next day already, whatever UTC says."""
    assert say_day(datetime(2026, 1, 31, 23, 30, tzinfo=UTC)) == "1er\u00a0février\u00a02026"


@pytest.mark.parametrize(
    "finess, written", [("750001232", "75 000 123 2"), ("2A0001234", "2A 000 123 4"), ("75", "75")]
)
def test_finess_is_grouped(finess: str, written: str) -> None:
    """A FINESS number is read in groups that no line cuts; anything else is left as it is."""
    assert write_finess(finess) == written.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    "email, masked",
    [("martin.delorme@orange.fr", "m…e@orange.fr"), ("m@orange.fr", "m…@orange.fr")],
)
def test_email_is_masked(email: str, masked: str) -> None:
    """The owner recognises a masked address; a passer-by cannot write to it."""
    assert mask_email(email) == masked
