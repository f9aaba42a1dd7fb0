"""Are two durations the same? Interleaved samples, medians, and a bootstrap interval."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import Random
from statistics import median
from time import perf_counter
from typing import TypeVar

Name = TypeVar("Name")

RESAMPLES = 1000
CONFIDENCE = 0.99


def measure_interleaved(
    acts: Mapping[Name, Callable[[], object]], rounds: int
) -> dict[Name, list[float]]:
    """Do each act once a round, in a new order each time; return the milliseconds of each."""
    order, shuffle = list(acts), Random(0).shuffle  # noqa: S311 - an order, not a secret
    samples: dict[Name, list[float]] = {name: [] for name in acts}
    with no_collection():
        for _ in range(rounds):
            shuffle(order)
            for name in order:
                began = perf_counter()
                acts[name]()
                samples[name].append((perf_counter() - began) * 1000)
    return samples


def bound_difference(left: Sequence[float], right: Sequence[float]) -> tuple[float, float]:
    """Return the 99 % bootstrap interval of the difference of two medians."""
    choose = Random(0).choices  # noqa: S311 - resampling, not a secret
    differences = sorted(
        median(choose(left, k=len(left))) - median(choose(right, k=len(right)))
        for _ in range(RESAMPLES)
    )
    tail = int(RESAMPLES * (1 - CONFIDENCE) / 2)
    return differences[tail], differences[-tail - 1]


@contextmanager
def no_collection() -> Iterator[None]:
    """Let no garbage collection fall into a sample."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
