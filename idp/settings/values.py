"""How a setting is written: durations, lists, limits, files that need not be."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, SecretStr

_LIMIT = re.compile(r"\d+ ?(?:per|/) ?(?:\d+ ?)?(?:second|minute|hour|day|month|year)s?")
_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}


def _parse_duration(value: object) -> object:
    """Read "30 min", "12 h", "90 d" or "60 s"; zero is "0"."""
    match = re.fullmatch(r"(\d+)\s*(s|min|h|d)?", value.strip()) if isinstance(value, str) else None
    if match is None:
        return value
    return timedelta(seconds=int(match[1]) * _UNITS[match[2] or "s"])


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


Duration = Annotated[timedelta, BeforeValidator(_parse_duration)]
Strings = Annotated[tuple[str, ...], BeforeValidator(_split_list)]
OptionalPath = Annotated[Path | None, BeforeValidator(_read_nothing)]
Limit = Annotated[str, AfterValidator(_check_limit)]
Secrets = Annotated[tuple[SecretStr, ...], BeforeValidator(_split_list)]
