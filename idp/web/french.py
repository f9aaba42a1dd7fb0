"""Durations, times, numbers and addresses as a French page writes them.

No-break spaces stand inside what must not be cut at the end of a line.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_UNITS = ((31_536_000, "an"), (86400, "jour"), (3600, "heure"), (60, "minute"), (1, "seconde"))
_ALMOST_A_MINUTE = timedelta(seconds=59, microseconds=999_999)
_HOURS_SAID_AS_HOURS = timedelta(hours=72)


def say_duration(duration: timedelta) -> str:
    """Say a duration in its largest whole unit, hours up to 72: « 2 heures », « 90 jours »."""
    units = _UNITS[2:] if duration <= _HOURS_SAID_AS_HOURS else _UNITS
    seconds = int(duration.total_seconds())
    size, name = next((unit for unit in units if seconds % unit[0] == 0), _UNITS[-1])
    count = seconds // size
    return f"{count}\u00a0{name}{'s' if count > 1 else ''}"


def say_clock_time(at: datetime) -> str:
    """Say an aware time as a clock in Paris shows it: « 14 h 32 »."""
    local = _to_paris(at)
    return f"{local.hour}\u00a0h\u00a0{local.minute:02}"


def say_day(at: datetime) -> str:
    """Say the day an aware time falls on in Paris: « 1er mars 2026 »."""
    local = _to_paris(at)
    day = "1er" if local.day == 1 else str(local.day)
    return f"{day}\u00a0{_MONTHS[local.month - 1]}\u00a0{local.year}"


def say_day_and_time(at: datetime) -> str:
    """Say an aware time in full, in Paris: « le 24 novembre 2025 à 14 h 32 »."""
    return f"le\u00a0{say_day(at)} à {say_clock_time(at)}"


def say_moment(at: datetime, now: datetime) -> str:
    """Say an aware time seen from `now`: « 14 h 32 », « demain à 9 h 05 », or the day in full."""
    days = (_to_paris(at).date() - _to_paris(now).date()).days
    day = {0: "", 1: "demain à ", -1: "hier à "}.get(days)
    return say_day_and_time(at) if day is None else f"{day}{say_clock_time(at)}"


def _to_paris(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo("Europe/Paris"))


def round_up(at: datetime) -> datetime:
    """Return a moment of the minute to tell: whoever comes back then does not come too early."""
    return at + _ALMOST_A_MINUTE


def write_finess(finess: str) -> str:
    """Write a FINESS number in the groups people read: « 75 000 123 2 »."""
    if len(finess) != len("750001232"):
        return finess
    return "\u00a0".join((finess[:2], finess[2:5], finess[5:8], finess[8:]))


def mask_email(email: str) -> str:
    """Hide the middle of an address's local part: « m…n@orange.fr »."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}…{local[-1:] if len(local) > 1 else ''}@{domain}"
