"""How a setting is written: durations, lists, limits, files that need not be."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

_LIMIT = re.compile(r"\d+ ?(?:per|/) ?(?:\d+ ?)?(?:second|minute|hour|day|month|year)s?")
_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
# Counted from today, no calendar ends before.
_LONGEST = timedelta(days=36500)


def parse_duration(value: object) -> timedelta:
    """Read "30 min", "12 h", "90 d" or "60 s"; "0" alone needs no unit.

    Raises:
        ValueError: it is written otherwise; the message says how it must be.

    """
    if isinstance(value, timedelta):
        return value
    match = (
        re.fullmatch(r"(\d{1,6}) ?(s|min|h|d)|0", value.strip()) if isinstance(value, str) else None
    )
    if match is None:
        raise ValueError('must be a number and its unit, like "60 s", "30 min", "12 h" or "90 d"')
    duration = timedelta(seconds=int(match[1] or 0) * _UNITS[match[2] or "s"])
    if duration > _LONGEST:
        raise ValueError("must be 36500 d at most")
    return duration


def _split_list(value: object) -> object:
    """Read a comma-separated list, as an environment variable holds one."""
    if not isinstance(value, str):
        return value
    return [item.strip() for item in value.split(",") if item.strip()]


def _check_limit(value: str) -> str:
    """Refuse what flask-limiter would pass over in silence."""
    if value and not all(_LIMIT.fullmatch(each.strip()) for each in value.split(";")):
        raise ValueError('must be like "300 per minute", or "300 per minute; 2000 per hour"')
    return value


def _read_nothing(value: object) -> object:
    """Read an empty string as no file."""
    return value or None


DurationOrZero = Annotated[timedelta, BeforeValidator(parse_duration)]
Duration = Annotated[DurationOrZero, Field(gt=timedelta())]
Strings = Annotated[tuple[str, ...], BeforeValidator(_split_list)]
OptionalPath = Annotated[Path | None, BeforeValidator(_read_nothing)]
Limit = Annotated[str, AfterValidator(_check_limit)]
Secrets = Annotated[tuple[SecretStr, ...], BeforeValidator(_split_list)]
