"""A duration is told as one may type it."""

from datetime import timedelta

import pytest

from idp.durations import read_duration, show_duration


@pytest.mark.parametrize("written", ["60 s", "90 min", "12 h", "14 d", "366 d"])
def test_duration_is_told_as_it_was_typed(written: str) -> None:
    """What `show_duration` says reads back as the same duration."""
    duration = read_duration(written)
    assert read_duration(show_duration(duration)) == duration


@pytest.mark.parametrize(
    "seconds, told", [(0, "0 s"), (59, "59 s"), (60, "1 min"), (61, "61 s"), (86400, "1 d")]
)
def test_duration_is_told_in_its_largest_whole_unit(seconds: int, told: str) -> None:
    """A unit that does not divide a duration is not its unit."""
    assert show_duration(timedelta(seconds=seconds)) == told


@pytest.mark.parametrize("written", ["2h", " 2 h ", "120 min", timedelta(hours=2)])
def test_two_hours_in_any_writing(written: object) -> None:
    """Spaces are forgiven, any unit will do, and a duration is one already."""
    assert read_duration(written) == timedelta(hours=2)


@pytest.mark.parametrize("written", ["", "2", "2 hours", "-2 h", "1.5 h", 7200, None])
def test_what_is_no_duration(written: object) -> None:
    """The fault says how a duration is written."""
    with pytest.raises(ValueError, match='"60 s", "30 min", "12 h" or "90 d"'):
        read_duration(written)
