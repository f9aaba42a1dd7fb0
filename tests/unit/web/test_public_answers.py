"""Discovery and keys are answered from memory for one second, and never longer."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from idp.web.public_answers import PublicAnswers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HOST = "connexion.example"
PATH = "/jwks.json"


class Source:
    """An application whose document changes when the test says so; it counts its requests."""

    def __init__(self) -> None:
        self.document = "one"
        self.status = 200
        self.asked = 0

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer with the present document."""
        self.asked += 1
        response = Response(self.document, self.status, {"X-Request-ID": str(self.asked)})
        response.set_etag(self.document)
        return response.make_conditional(environ)(environ, start_response)


class Stage:
    """The answers over a source, with a timer that the test moves and what was counted."""

    def __init__(self) -> None:
        self.source = Source()
        self.seconds = 0.0
        self.counted: list[tuple[str, int]] = []
        answers = PublicAnswers(
            self.source,
            host=HOST,
            count=lambda path, status: self.counted.append((path, status)),
            timer=lambda: self.seconds,
        )
        self.client = Client(answers)

    def get(self, path: str = PATH, *, host: str = HOST, **headers: str) -> tuple[int, str]:
        """Return status and text."""
        answer = self.client.get(path, base_url=f"https://{host}", headers=headers)
        return answer.status_code, answer.get_data(as_text=True)


@pytest.fixture
def stage() -> Stage:
    """A stage whose first answer is kept already."""
    made = Stage()
    made.get()
    return made


def test_answer_is_given_again_within_a_second(stage: Stage) -> None:
    """The application is asked once, and counts that one by itself."""
    stage.seconds = 0.99
    assert stage.get() == (200, "one")
    assert (stage.source.asked, stage.counted) == (1, [(PATH, 200)])


def test_answer_is_never_older_than_a_second(stage: Stage) -> None:
    """What changed is seen a second later at the latest."""
    stage.source.document = "two"
    stage.seconds = 1.0
    assert stage.get() == (200, "two")
    assert stage.source.asked == 2


def test_who_has_it_is_told_so(stage: Stage) -> None:
    """If-None-Match gets a 304 without a body (RFC 9110 15.4.5), from memory too."""
    assert stage.get(**{"If-None-Match": '"one"'}) == (304, "")
    assert stage.counted == [(PATH, 304)]
    assert stage.source.asked == 1


def test_fault_is_not_kept(stage: Stage) -> None:
    """A 503 is told once: the next request asks again."""
    stage.seconds, stage.source.status = 1.0, 503
    assert stage.get()[0] == 503
    stage.source.status = 200
    assert stage.get() == (200, "one")


@pytest.mark.parametrize(
    "path, host", [(PATH, "evil.example"), ("/authorize", HOST), (f"{PATH}/", HOST)]
)
def test_everything_else_is_passed_on(stage: Stage, path: str, host: str) -> None:
    """A foreign host or another path reaches the application each time."""
    stage.get(path, host=host)
    stage.get(path, host=host)
    assert stage.source.asked == 3


def test_answers_from_memory_name_no_request(stage: Stage) -> None:
    """The id of the request that was asked for is not given to others."""
    answer = stage.client.get(PATH, base_url=f"https://{HOST}")
    assert "X-Request-ID" not in answer.headers
