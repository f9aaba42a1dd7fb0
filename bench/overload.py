"""`python -m bench.overload`: sign-ins at twice the rate that can be served, for a minute.

What should hold: goodput stays near its peak, the excess is answered 503 or 429 at once, and who
asks for discovery, keys or tokens hardly notices.
"""

import argparse
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from rich.console import Console

from bench.browser import Browser, RelyingParty
from bench.databases import find_databases
from bench.operations import make_discovery, make_refresh, name_account
from bench.provider import prepare_provider

_console = Console(highlight=False)
_PEAK_BROWSERS = 4


@dataclass
class Outcome:
    """What a phase of load came to; the times are those of the small requests beside it."""

    answers: Counter[str] = field(default_factory=Counter)
    small_seconds: list[float] = field(default_factory=list)


def main() -> None:
    """Find the peak, double the browsers until the rate offered is twice that, and look."""
    options = _read_options()
    with tempfile.TemporaryDirectory(prefix="idp-overload-") as name, ExitStack() as stack:
        database = next(iter(find_databases(Path(name), stack)))
        provider = prepare_provider(Path(name) / database.name, database.url)
        with provider.serve():
            peak = _run(provider.port, browsers=_PEAK_BROWSERS, seconds=options.seconds / 4)
            rate = peak.answers["signed in"] / (options.seconds / 4)
            _tell("peak", peak, rate)
            flood = _run(
                provider.port,
                browsers=options.browsers,
                seconds=options.seconds,
                pause=options.browsers / (2 * rate),
            )
            goodput = flood.answers["signed in"] / options.seconds
            _tell("twice the peak offered", flood, goodput)
            after = _run(provider.port, browsers=_PEAK_BROWSERS, seconds=options.seconds / 4)
            _tell("afterwards", after, after.answers["signed in"] / (options.seconds / 4))
            _console.print(f"goodput under overload: {goodput / rate:.0%} of the peak")


def _run(port: int, *, browsers: int, seconds: float, pause: float = 0) -> Outcome:
    outcome = Outcome()
    until = time.monotonic() + seconds
    small = [make_discovery(port, 0), make_refresh(port, 49)]

    def sign_in(number: int) -> None:
        while time.monotonic() < until:
            began = time.monotonic()
            outcome.answers[_try_to_sign_in(port, number)] += 1
            time.sleep(max(0.0, pause - (time.monotonic() - began)))

    def ask() -> None:
        while time.monotonic() < until:
            for step in small:
                began = time.perf_counter()
                step()
                outcome.small_seconds.append(time.perf_counter() - began)
            time.sleep(0.05)

    threads = [threading.Thread(target=sign_in, args=(number,)) for number in range(browsers)]
    threads.append(threading.Thread(target=ask))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcome


def _try_to_sign_in(port: int, number: int) -> str:
    browser = Browser(port)
    try:
        RelyingParty(browser).sign_in(name_account(number))
    except RuntimeError as error:
        return "503" if " 503" in str(error) else "429" if " 429" in str(error) else str(error)
    except OSError as error:
        return type(error).__name__
    finally:
        browser.close()
    return "signed in"


def _tell(phase: str, outcome: Outcome, rate: float) -> None:
    cuts = quantiles(outcome.small_seconds, n=100)
    _console.print(
        f"{phase}: {rate:.1f} sign-ins a second; answers {dict(outcome.answers)}; discovery and "
        f"refresh p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms"
    )


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.overload", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--browsers", type=int, default=64, help="that flood")
    return parser.parse_args()


if __name__ == "__main__":
    main()
