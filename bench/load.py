"""Repeats one operation with so many browsers for so long, and says what it cost the server."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from bench.operations import MakeStep, Step
from bench.processes import cpu_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One operation on one server; times in milliseconds."""

    operation: str
    count: int
    per_second: float
    cpu_ms: float
    p50: float
    p95: float
    p99: float


def measure(
    operation: str,
    make_step: MakeStep,
    *,
    port: int,
    roots: Sequence[int],
    browsers: int,
    seconds: float,
) -> Measured:
    """Warm up, then measure; `roots` are the processes whose trees' CPU time counts.

    Raises:
        UnexpectedAnswerError, AssertionError: an answer was not right.

    """
    steps = [make_step(port, number) for number in range(browsers)]
    for step in steps:
        step()
    before = sum(cpu_seconds(root) for root in roots)
    began = time.perf_counter()
    times = _repeat(steps, until=time.monotonic() + seconds)
    elapsed = time.perf_counter() - began
    cpu = sum(cpu_seconds(root) for root in roots) - before
    cuts = quantiles(times, n=100)
    return Measured(
        operation=operation,
        count=len(times),
        per_second=len(times) / elapsed,
        cpu_ms=cpu / len(times) * 1000,
        p50=cuts[49] * 1000,
        p95=cuts[94] * 1000,
        p99=cuts[98] * 1000,
    )


def _repeat(steps: list[Step], *, until: float) -> list[float]:
    times: list[float] = []
    faults: list[BaseException] = []

    def run(step: Step) -> None:
        try:
            while time.monotonic() < until:
                began = time.perf_counter()
                step()
                times.append(time.perf_counter() - began)
        except BaseException as error:  # noqa: BLE001 - told by the thread that waits
            faults.append(error)

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return times
