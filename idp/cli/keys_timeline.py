"""The picture of `idp keys timeline`: each key is a bar over time. Here in the terminal.

Not to scale: an hour in which a key is announced counts beside the months in which it signs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate, pairwise

from rich.text import Text

from idp.cli.arguments import show_time
from idp.cli.keys_text import STATE_STYLES, name_state
from idp.signing.key_ring import KeyRing
from idp.signing.policy import RotationPolicy
from idp.signing.signing_key import KeyLife, KeyState

_MARKS = {KeyState.NEXT: "░", KeyState.ACTIVE: "█", KeyState.RETIRED: "▒"}
_LABEL = 34
NOT_TO_SCALE = "not to scale: short times are drawn longer"
# Of the picture's width, what is longer than a moment gets so much at least.
_LEAST_SHARE = 0.06
_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Phase:
    """A stretch of time in which a key is in one state."""

    state: KeyState
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Timeline:
    """What the picture shows: the keys that are not long gone, from the first date to the last."""

    lives: Sequence[KeyLife]
    start: datetime
    end: datetime
    now: datetime

    def place(self, moment: datetime, width: int) -> int:
        """Return where a moment of the picture stands on an axis of this width."""
        for (begin, left), (end, right) in pairwise(self.stops):
            if begin <= moment <= end:
                return round((left + (moment - begin) / (end - begin) * (right - left)) * width)
        return 0 if moment < self.start else width

    @cached_property
    def stops(self) -> Sequence[tuple[datetime, float]]:
        """Every date at which something changes, with its place between 0 and 1."""
        phases = [phase for life in self.lives for phase in self.list_phases(life)]
        changes = {date for phase in phases for date in (phase.start, phase.end)}
        dates = sorted({self.start, self.now, self.end, *changes})
        lengths = [self._weigh(end - begin) for begin, end in pairwise(dates)]
        places = accumulate(lengths, initial=0.0)
        return [(date, place / sum(lengths)) for date, place in zip(dates, places, strict=True)]

    def _weigh(self, length: timedelta) -> float:
        share = length / (self.end - self.start)
        return max(share, _LEAST_SHARE) if length > _MOMENT else share

    def list_phases(self, life: KeyLife) -> Iterator[Phase]:
        """List the key's states in their order; an active key goes on to the picture's edge."""
        key, gone_at = life.key, life.gone_at or self.end
        turn = min(key.signs_from, gone_at)
        retired_at = min(life.signs_until or self.end, gone_at)
        phases = (
            Phase(KeyState.NEXT, key.published_at, turn),
            Phase(KeyState.ACTIVE, turn, retired_at),
            Phase(KeyState.RETIRED, retired_at, gone_at),
        )
        return (phase for phase in phases if phase.start < phase.end)


def lay_out_timeline(ring: KeyRing, now: datetime, policy: RotationPolicy) -> Timeline:
    """Choose what to show: every key not gone for longer than a rotation, and some time to come."""
    oldest = now - policy.rotation_interval
    lives = [life for life in ring.lives if life.gone_at is None or life.gone_at > oldest]
    starts = [life.key.published_at for life in lives]
    ends = [life.gone_at or life.key.signs_from for life in lives]
    start = min(starts, default=now)
    end = max([*ends, now]) + policy.scheduled_announce
    return Timeline(lives, start - (end - start) / 20, end, now)


def draw_in_terminal(timeline: Timeline, width: int) -> Iterator[Text]:
    """Draw one line a key, with this moment's column marked and the dates under them."""
    bar = max(width - _LABEL, 20)
    today = timeline.place(timeline.now, bar - 1)
    for life in timeline.lives:
        cells = _draw_bar(timeline, life, bar)
        yield Text.assemble(
            f"{life.key.kid:<{_LABEL - 10}}{name_state(life, timeline.now):<9} ",
            cells[:today],
            ("│", "bold red"),
            cells[today + 1 :],
        )
    start, end = f"{timeline.start:%Y-%m-%d}", f"{timeline.end:%Y-%m-%d}"
    yield Text(f"{start:>{_LABEL + len(start)}}{end:>{bar - len(start)}}")
    yield Text(f"░ next  █ active  ▒ retired  │ now: {show_time(timeline.now)}")
    yield Text(f"({NOT_TO_SCALE})")


def _draw_bar(timeline: Timeline, life: KeyLife, width: int) -> Text:
    cells = Text(" " * width)
    for phase in timeline.list_phases(life):
        first = timeline.place(phase.start, width - 1)
        last = max(timeline.place(phase.end, width), first + 1)
        marks = Text(_MARKS[phase.state] * (last - first), STATE_STYLES[phase.state])
        cells = Text.assemble(cells[:first], marks, cells[last:])
    return cells
