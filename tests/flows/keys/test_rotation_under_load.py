"""Three rotations in a row that no relying party notices, one of them killed in its middle.

Two applications share keys and database, as two processes do, and answer in turn. The relying
party is the least helpful there can be: it keeps the JWKS for its full max-age, and never looks
for a kid it does not know.
"""

import signal
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import KeySet
from joserfc.jwt import decode

from idp.signing.signing_key import KeyState
from tests.conftest import StartProcess
from tests.support.databases import Databases
from tests.support.processes import PROGRAMS, Process
from tests.support.protocol_house import SITE, read_header
from tests.support.provider_app import (
    PASSPHRASE,
    Browser,
    ProviderApp,
    build_settings,
    make_keys_folder,
)
from tests.support.signing import HOUR, MINUTE, START, list_published

MAX_AGE = 15 * MINUTE
STEP = 5 * MINUTE
ALGORITHMS = ("RS256", "ES256")


class RelyingParty:
    """Verifies ID tokens with the JWKS it keeps."""

    def __init__(self) -> None:
        self.fetched_at = START - HOUR
        self.keys = KeySet([])
        self.kids: list[str] = []

    def verify(self, token: str, browser: Browser, now: datetime) -> None:
        """Verify a token; a kid that is not in the kept JWKS is a failure."""
        if now - self.fetched_at >= MAX_AGE:
            self.keys = KeySet.import_key_set(browser.get("/jwks.json").get_json())
            self.fetched_at = now
        decode(token, self.keys, algorithms=["RS256"])
        kid = read_header(token)["kid"]
        if kid not in self.kids:
            self.kids.append(kid)


class Installation:
    """Two applications over the same keys and database, and their relying party."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = make_keys_folder(folder, ALGORITHMS)
        settings = build_settings(folder, database_url)
        self.apps = [ProviderApp.start(settings, SITE), ProviderApp.start(settings)]
        self.apps[1].secrets_given = 1_000_000  # the sessions that it gives have other secrets
        self.party = RelyingParty()
        self.turn = 0
        self.tokens: dict[str, Any] = {}

    @property
    def now(self) -> datetime:
        """The moment, the same for both."""
        return self.apps[0].clock.now()

    def live(self, duration: timedelta) -> None:
        """Let time pass under a steady load; every answer must be right."""
        end = self.now + duration
        while self.now < end:
            for app in self.apps:
                app.clock.advance(STEP)
                app.built.live_keys.refresh()  # every two seconds, in a process
            self.check_keys()
            self.use()

    def use(self) -> None:
        """Sign in, refresh, read claims: each at the application whose turn it is."""
        self.turn += 1
        here, there = self.apps[self.turn % 2], self.apps[(self.turn + 1) % 2]
        browser, other = here.open_browser(), there.open_browser()
        if self.tokens:
            assert other.userinfo(self.tokens["access_token"]).status_code == 200
            refreshed = other.refresh(self.tokens["refresh_token"])
            assert refreshed.status_code == 200, refreshed.text
            self.party.verify(refreshed.get_json()["id_token"], other, self.now)
        here.sign_in(browser)
        self.tokens = browser.get_tokens()
        self.party.verify(self.tokens["id_token"], browser, self.now)
        assert other.userinfo(self.tokens["access_token"]).status_code == 200

    def check_keys(self) -> None:
        """Exactly one key signs with each algorithm, in either application."""
        for app in self.apps:
            assert app.built.live_keys.faults == ()
            lives = app.built.live_keys.ring().lives
            active = [x.key.algorithm for x in lives if x.state_at(self.now) is KeyState.ACTIVE]
            assert sorted(active) == sorted(ALGORITHMS)

    def close(self) -> None:
        """Give both databases back."""
        for app in self.apps:
            app.close()


@pytest.fixture
def installation(sqlite_databases: Databases, tmp_path: Path) -> Iterator[Installation]:
    """Two applications with keys of their own."""
    name = sqlite_databases.create_migrated()
    installation = Installation(tmp_path / "keys", sqlite_databases.url(name))
    yield installation
    installation.close()
    sqlite_databases.drop(name)


def test_three_rotations_are_noticed_by_nobody(
    installation: Installation, start_process: StartProcess
) -> None:
    """C3E: rotated three times, once killed: no verification fails, one key signs throughout."""

    def rotate(algorithm: str, *options: str) -> Process:
        program = (PROGRAMS / "python", "-m", "tests.support.key_process")
        words = (installation.folder, f"rotate:{algorithm}", "--passphrase", PASSPHRASE)
        return start_process([*program, *words, "--at", installation.now.isoformat(), *options])

    installation.live(HOUR)
    for number in range(3):
        for algorithm in ALGORITHMS:
            if number == 1:
                killed = rotate(algorithm, "--die-at-rename", "2")
                assert killed.wait() == -signal.SIGKILL
                installation.live(2 * STEP)
            assert rotate(algorithm).wait() == 0
        installation.live(2 * HOUR)
    installation.live(13 * HOUR)
    assert len(installation.party.kids) == 4
    assert len(list_published(installation.apps[0].built.live_keys.ring(), installation.now)) == 2
