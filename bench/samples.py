"""Single requests under load: when, what, how it ended, how long it took; and what they come to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

SIGN_IN = "sign-in"
GOOD = "ok"
REFUSALS = ("503", "429")


@dataclass(frozen=True, slots=True)
class Sample:
    """`at` is when it ended, in seconds; `outcome` is "ok", a refusal's status, or what broke.

    `seconds` is the time of the whole operation; of a refusal, that of the refusing answer.
    """

    at: float
    kind: str
    outcome: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a run, from `begins` to `ends`, in the seconds of its samples.

    `cores` is how many processor cores the server and its database kept busy.
    """

    name: str
    begins: float
    ends: float
    cores: float

    def pick(self, samples: Iterable[Sample], kind: str = "", *outcomes: str) -> list[Sample]:
        """Return its samples of that kind and of these outcomes; of all, where none is named."""
        return [
            sample
            for sample in samples
            if self.begins <= sample.at < self.ends
            and kind in {"", sample.kind}
            and (not outcomes or sample.outcome in outcomes)
        ]

    def rate(self, samples: Sequence[Sample]) -> float:
        """Return how many there are a second."""
        return len(samples) / (self.ends - self.begins)


def find_percentile(samples: Iterable[Sample], percent: int) -> float:
    """Return the milliseconds within which so many of a hundred ended; NaN where there are none."""
    times = sorted(sample.seconds for sample in samples)
    return times[ceil(len(times) * percent / 100) - 1] * 1000 if times else float("nan")


def group_by_second(
    samples: Iterable[Sample], *, since: float = 0
) -> Mapping[int, Sequence[Sample]]:
    """Return those that ended in each whole second after `since`, [] where there were none."""
    groups: defaultdict[int, list[Sample]] = defaultdict(list)
    for sample in samples:
        groups[int(sample.at - since)].append(sample)
    return groups
