"""What the three parts of a run found: told in tables, drawn in one picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.load import Measured
from bench.samples import GOOD, REFUSALS, SIGN_IN, Phase, Sample, group_by_second


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCosts:
    """Each operation on one server, and the memory of its processes, shared pages counted once."""

    server: str
    operations: Sequence[Measured]
    idle_mib: float
    busy_mib: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GrownOperation:
    """CPU milliseconds of one operation, measured in turn on the small and the large database."""

    operation: str
    turns: Sequence[tuple[float, float]]

    @property
    def small_ms(self) -> float:
        """The median on the small one."""
        return median(small for small, _ in self.turns)

    @property
    def large_ms(self) -> float:
        """The median on the large one."""
        return median(large for _, large in self.turns)

    @property
    def ratio(self) -> float:
        """How many times as much it costs on the large one: the median of the turns.

        What disturbs the machine for some seconds disturbs both halves of a turn.
        """
        return median(large / small for small, large in self.turns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What so many accounts and past logins cost on one kind of database."""

    kind: str
    accounts: int
    logins: int
    operations: Sequence[GrownOperation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overload:
    """Sign-ins by a few, twice as many, and by a few twice more; and all that was asked meanwhile.

    `after` is the recovery, `again` what the few get once it is over.
    """

    kind: str
    before: Phase
    flood: Phase
    after: Phase
    again: Phase
    samples: Sequence[Sample]

    @property
    def phases(self) -> Sequence[Phase]:
        """All of them, in their order."""
        return self.before, self.flood, self.after, self.again

    def pick(self, kind: str, *outcomes: str) -> list[Sample]:
        """Return the samples of all phases, of that kind and of these outcomes."""
        return [x for phase in self.phases for x in phase.pick(self.samples, kind, *outcomes)]

    def offered(self, phase: Phase) -> float:
        """Return the sign-ins a second that ended somehow."""
        return phase.rate(phase.pick(self.samples, SIGN_IN))

    def goodput(self, phase: Phase) -> float:
        """Return the sign-ins a second that came through."""
        return phase.rate(phase.pick(self.samples, SIGN_IN, GOOD))

    @property
    def refused_by_flood(self) -> list[Sample]:
        """What was answered 503 or 429 under overload."""
        return self.flood.pick(self.samples, SIGN_IN, *REFUSALS)

    @property
    def peak(self) -> float:
        """The sign-ins a second that can be served: the mean of what the few got, before and again.

        A machine's own speed drifts within minutes by as much as is looked for here.
        """
        return (self.goodput(self.before) + self.goodput(self.again)) / 2

    @property
    def goodput_kept(self) -> float:
        """Which part of the peak was left under overload."""
        return self.goodput(self.flood) / self.peak

    @property
    def recovery_seconds(self) -> int | None:
        """When, after the overload, a second had nine tenths of the peak; None: never."""
        came_through = self.after.pick(self.samples, SIGN_IN, GOOD)
        groups = group_by_second(came_through, since=self.after.begins)
        good = [second for second, seen in groups.items() if len(seen) >= 0.9 * self.peak]
        return min(good) + 1 if good else None
