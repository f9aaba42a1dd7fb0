"""How a setting is written: durations (`idp.durations`), lists, limits, files that need not be."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from idp.durations import read_duration

_LIMIT = re.compile(r"\d+ ?(?:per|/) ?(?:\d+ ?)?(?:second|minute|hour|day|month|year)s?")


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


DurationOrZero = Annotated[timedelta, BeforeValidator(read_duration)]
Duration = Annotated[DurationOrZero, Field(gt=timedelta())]
Strings = Annotated[tuple[str, ...], BeforeValidator(_split_list)]
OptionalPath = Annotated[Path | None, BeforeValidator(_read_nothing)]
Limit = Annotated[str, AfterValidator(_check_limit)]
Secrets = Annotated[tuple[SecretStr, ...], BeforeValidator(_split_list)]
