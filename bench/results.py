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
    """Three phases of sign-ins (peak, double that, after), and all that was asked in them."""

    kind: str
    phases: Sequence[Phase]
    samples: Sequence[Sample]

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
        _, flood, _ = self.phases
        return flood.pick(self.samples, SIGN_IN, *REFUSALS)

    @property
    def goodput_kept(self) -> float:
        """Which part of the peak's goodput was left under overload."""
        peak, flood, _ = self.phases
        return self.goodput(flood) / self.goodput(peak)

    @property
    def recovery_seconds(self) -> int | None:
        """When, after the overload, a second had nine tenths of the peak; None: never."""
        peak, _, after = self.phases
        enough = 0.9 * self.goodput(peak)
        groups = group_by_second(after.pick(self.samples, SIGN_IN, GOOD), since=after.begins)
        good = [second for second, seen in groups.items() if len(seen) >= enough]
        return min(good) + 1 if good else None
