"""A crowd of fresh browsers that sign in, as fast as they are served or at a rate of its own."""

import time
from itertools import count
from threading import Lock, Thread

from bench.browser import Browser, UnexpectedAnswerError
from bench.operations import name_account
from bench.relying_party import RelyingParty
from bench.samples import GOOD, REFUSALS, SIGN_IN, Sample


class Crowd:
    """So many sign in at once until a moment (time.monotonic), each again and again.

    With a `rate`, one begins every 1/rate seconds, whatever became of those before it, as long as
    one of the crowd is free. `samples` says what came of those that are through.
    """

    def __init__(self, port: int, *, size: int, until: float, rate: float | None = None) -> None:
        """Let them begin."""
        self.samples: list[Sample] = []
        self._port = port
        self._until = until
        self._rate = rate
        self._began = time.monotonic()
        self._turns = count()
        self._lock = Lock()
        self._threads = [Thread(target=self._keep_signing_in, args=(n,)) for n in range(size)]
        for thread in self._threads:
            thread.start()

    def join(self) -> list[Sample]:
        """Return what came of all of them, once the last one is through."""
        for thread in self._threads:
            thread.join()
        return self.samples

    def _keep_signing_in(self, number: int) -> None:
        while self._wait_for_turn():
            self.samples.append(_sign_in(self._port, number))

    def _wait_for_turn(self) -> bool:
        """Return True when the next one may begin, False once time is over."""
        if self._rate:
            with self._lock:
                turn = next(self._turns)
            moment = self._began + turn / self._rate
            time.sleep(max(0.0, min(moment, self._until) - time.monotonic()))
        return time.monotonic() < self._until


def _sign_in(port: int, number: int) -> Sample:
    browser = Browser(port)
    began = time.monotonic()
    try:
        RelyingParty(browser).sign_in(name_account(number))
    except UnexpectedAnswerError as error:
        outcome = str(error.status) if str(error.status) in REFUSALS else str(error)
        return Sample(time.monotonic(), SIGN_IN, outcome, browser.answer_seconds)
    except OSError as error:
        return Sample(time.monotonic(), SIGN_IN, type(error).__name__, time.monotonic() - began)
    finally:
        browser.close()
    return Sample(time.monotonic(), SIGN_IN, GOOD, time.monotonic() - began)
