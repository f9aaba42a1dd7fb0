"""The least of a browser: one connection, and a jar of cookies."""

import http.client
import time
from urllib.parse import urlencode


class UnexpectedAnswerError(Exception):
    """The server answered with another status than it should."""

    def __init__(self, path: str, status: int, text: str) -> None:
        super().__init__(f"{path.partition('?')[0]} answered {status}: {text[:200]}")
        self.status = status


class Browser:
    """For one thread. `answer_seconds` is how long the last answer took."""

    def __init__(self, port: int) -> None:
        self.answer_seconds = 0.0
        self._port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._cookies: dict[str, str] = {}

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Return status, Location and body."""
        return self._ask("GET", path, headers=headers or {})

    def post(
        self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Post a form; return status, Location and body."""
        return self._ask("POST", path, headers=headers or {}, body=urlencode(fields))

    def fetch(self, path: str, headers: dict[str, str] | None = None) -> str:
        """Return the body of what has to be there.

        Raises:
            UnexpectedAnswerError: it is not.

        """
        status, _, text = self.get(path, headers)
        if status != 200:
            raise UnexpectedAnswerError(path, status, text)
        return text

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _ask(
        self, method: str, path: str, *, headers: dict[str, str], body: str | None = None
    ) -> tuple[int, str, str]:
        if self._cookies:
            jar = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
            headers = {**headers, "Cookie": jar}
        if body is not None:
            headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        self.answer_seconds = time.perf_counter() - began
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        location = answer.headers.get("Location", "")
        return answer.status, location.removeprefix(f"http://127.0.0.1:{self._port}"), text
