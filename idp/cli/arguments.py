"""Arguments that several commands take, and moments as they are printed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import click

from idp.accounts.finess import normalize_finess
from idp.durations import read_duration

_SAMPLES = "2026-03-02, 2026-03-02T14:30 or 2026-03-02T14:30:00+01:00"


yes_option = click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")


class Finess(click.ParamType[str]):
    """A FINESS number however it was typed: spaces, dots and lower case are forgiven."""

    name = "finess"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401 - click's signature
        """Return the nine characters."""
        finess = normalize_finess(value)
        if finess is None:
            self.fail("a FINESS number has nine letters and digits", param, ctx)
        return finess


class Lifetime(click.ParamType[timedelta]):
    """A duration as the settings write it: "15 min", "2h", "14 d"."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - click's signature
        """Read the duration."""
        try:
            return read_duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Moment(click.ParamType[datetime]):
    """A moment, in this machine's time zone unless it has an offset: also as `show_time` has it."""

    name = "time"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> datetime:
        """Return it in UTC."""
        try:
            return datetime.fromisoformat(value.replace(" +", "+").replace(" -", "-")).astimezone(
                UTC
            )
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no time such as {_SAMPLES}", param, ctx)


def show_time(moment: datetime | None) -> str:
    """Return a moment in this machine's time zone with its offset; a dash for none."""
    if moment is None:
        return "–"
    day, time = moment.astimezone().isoformat(timespec="seconds").split("T")
    return f"{day} {time[:-6]} {time[-6:]}"
