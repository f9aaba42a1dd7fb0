"""The environment of a process that shall believe in another time of day."""

from pathlib import Path


def faketime_environment(offset: str) -> dict[str, str]:
    """Return the variables that move a child's clock, by "+25h" or "-90s".

    Durations stay true: the monotonic clock is left alone, so that time-outs work.
    """
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME": offset,
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
