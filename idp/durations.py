"""Durations as they are typed and told: "60 s", "30 min", "12 h", "90 d"."""

import re
from datetime import timedelta

_UNITS = {"d": 86400, "h": 3600, "min": 60, "s": 1}
# Counted from today, no calendar ends before.
_LONGEST = timedelta(days=36500)


def read_duration(value: object) -> timedelta:
    """Read a number and its unit; "0" alone needs none, and a timedelta is one already.

    Raises:
        ValueError: it is written otherwise; the message says how it must be.

    """
    if isinstance(value, timedelta):
        return value
    written = value.strip() if isinstance(value, str) else ""
    match = re.fullmatch(r"([0-9]{1,9}) *(s|min|h|d)|0", written)
    if match is None:
        raise ValueError('must be a number and its unit, like "60 s", "30 min", "12 h" or "90 d"')
    duration = timedelta(seconds=int(match[1] or 0) * _UNITS[match[2] or "s"])
    if duration > _LONGEST:
        raise ValueError(f"must be {show_duration(_LONGEST)} at most")
    return duration


def show_duration(duration: timedelta) -> str:
    """Return a duration in its largest whole unit: 14 d, 1 h, 15 min, 61 s."""
    seconds = int(duration.total_seconds())
    for unit, size in _UNITS.items():
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
