"""The one HTTP client of this provider: for logout notices and the keys of clients.

No redirect is followed, no proxy or cookie used, no compression accepted; an exchange has a total
time and an answer a greatest size (attack case C106).
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlencode

import httpcore

from idp.outbound.egress import EgressRefusedError, EgressRules, build_ssl_context
from idp.outbound.guarded_network import GuardedBackend


class ExchangeError(Exception):
    """No usable answer came; the message is fit for a log."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side answered, redirections included."""

    status: int
    body: bytes


class GuardedHttpClient:
    """Makes single requests to addresses that the rules allow."""

    def __init__(
        self,
        rules: EgressRules,
        *,
        timeout: timedelta = timedelta(seconds=5),
        max_bytes: int = 100_000,
        ca_bundle: Path | None = None,
    ) -> None:
        """Take the rules, the limits, and the authorities to trust besides the public ones."""
        self._rules = rules
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._load_authorities = cache(partial(build_ssl_context, ca_bundle))
        if ca_bundle is not None:  # a wrong file is told now; the public ones take 50 ms to read
            self._load_authorities()

    def get(self, url: str) -> Answer:
        """Fetch `url`.

        Raises:
            ExchangeError: refused by the rules, unreachable, too slow or too long.

        """
        return self._exchange("GET", url, headers={"Accept": "application/json"})

    def post_form(self, url: str, fields: dict[str, str]) -> Answer:
        """Post `fields` as a form to `url`.

        Raises:
            ExchangeError: refused by the rules, unreachable, too slow or too long.

        """
        body = urlencode(fields).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._exchange("POST", url, headers=headers, body=body)

    def _exchange(
        self, method: str, url: str, *, headers: dict[str, str], body: bytes = b""
    ) -> Answer:
        try:
            self._rules.check_url(url)
            authorities = self._load_authorities()
            backend = GuardedBackend(self._rules, self._timeout)
            pool = httpcore.ConnectionPool(ssl_context=authorities, network_backend=backend)
            sent = [("User-Agent", "idp"), *headers.items()]
            with pool, pool.stream(method, url, headers=sent, content=body) as answer:
                return Answer(answer.status, self._read(answer))
        except (EgressRefusedError, ValueError, UnicodeError) as error:
            raise ExchangeError(f"refused: {error}") from error
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            raise ExchangeError(f"{type(error).__name__}: {error}") from error

    def _read(self, answer: httpcore.Response) -> bytes:
        received = bytearray()
        for chunk in answer.iter_stream():
            received += chunk
            if len(received) > self._max_bytes:
                raise ExchangeError(f"the answer is longer than {self._max_bytes} bytes")
        return bytes(received)
