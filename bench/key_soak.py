"""`python -m bench.key_soak`: rotate keys for real, under a steady load, for some minutes.

Two processes serve logins, silent sign-ins, refreshes and userinfo calls; the relying party keeps
the JWKS for its whole max-age and never looks for an unknown kid. The keys are rotated again and
again, every second time killed in the middle first. It must print no failure.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from joserfc.jwk import KeySet
from joserfc.jwt import decode

from bench.browser import Browser
from bench.operations import name_account
from bench.provider import Provider, prepare_provider
from bench.relying_party import RelyingParty
from idp.app.keys import build_key_store
from idp.settings import load_settings
from idp.signing.key_ring import KeyRing
from idp.signing.signing_key import KeyState

ALGORITHMS = ["ES256", "RS256"]
BROWSERS = 4
MAX_AGE_SECONDS = 5
ROTATION_SECONDS = 20

# Lifetimes of seconds instead of hours, so that minutes show whole lives of keys.
_LIFETIMES = """
[tokens]
access_lifetime = "15 s"
id_token_lifetime = "15 s"
[session]
idle_lifetime = "20 s"
absolute_lifetime = "20 s"
"""


class Soak:
    """One provider under load, and what was seen of it."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.done: Counter[str] = Counter()
        self.kids: set[str] = set()
        self.failures: list[str] = []
        self.is_over = threading.Event()

    def drive(self, number: int) -> None:
        """Be one browser and its relying party until the soak is over."""
        verifier = Verifier(self)
        for turn in count(number, BROWSERS):
            if self.is_over.is_set():
                return
            try:
                self._live_session(name_account(turn), verifier)
            except Exception as error:  # noqa: BLE001 - whatever fails is what the soak looks for
                self.failures.append(f"{type(error).__name__}: {error}")

    def _live_session(self, account: str, verifier: "Verifier") -> None:
        browser = Browser(self.provider.port)
        party = RelyingParty(browser)
        tokens = party.sign_in(account)
        verifier.verify(tokens["id_token"])
        self.done["logins"] += 1
        for _ in range(10):
            tokens = party.refresh(tokens["refresh_token"])
            verifier.verify(tokens["id_token"])
            party.read_userinfo(tokens["access_token"])
            self.done.update(("refreshes", "userinfo calls"))
            verifier.verify(party.sign_in_again()["id_token"])
            self.done["silent sign-ins"] += 1
        browser.close()

    def watch_keys(self) -> None:
        """See to it that one key signs with each algorithm, ten times a second."""
        store = build_key_store(load_settings(self.provider.settings_file))
        while not self.is_over.wait(0.1):
            now = datetime.now(UTC)
            lives = KeyRing(store.load_keys()).lives
            active = [x.key.algorithm for x in lives if x.state_at(now) is KeyState.ACTIVE]
            self.done["looks at the keys"] += 1
            if sorted(active) != ALGORITHMS:
                self.failures.append(f"active keys: {active}")

    def rotate_until(self, end: float) -> None:
        """Rotate both algorithms again and again; each second time a first try is killed."""
        for turn in count():
            if time.monotonic() > end:
                return
            if turn % 2:
                self._start_rotation(kill_within=0.8)
            self._start_rotation()
            self.done["rotations"] += 1
            time.sleep(ROTATION_SECONDS)

    def _start_rotation(self, *, kill_within: float | None = None) -> None:
        program = Path(sys.executable).with_name("idp")
        settings = self.provider.settings_file
        command: list[str | Path] = [program, "--config", settings, "keys", "rotate"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        if kill_within is None:
            if process.wait() != 0:
                self.failures.append("a rotation failed")
            return
        time.sleep(random.uniform(kill_within / 2, kill_within))  # noqa: S311 - any moment will do
        process.kill()
        process.wait()
        self.done["rotations killed"] += 1


class Verifier:
    """Verifies ID tokens with a JWKS that it keeps for the whole max-age."""

    def __init__(self, soak: Soak) -> None:
        self._soak = soak
        self._keys = KeySet([])
        self._good_until = 0.0

    def verify(self, token: str) -> None:
        """Verify a token; raises if its kid is not in the kept JWKS."""
        if time.monotonic() >= self._good_until:
            browser = Browser(self._soak.provider.port)
            self._keys = KeySet.import_key_set(json.loads(browser.fetch("/jwks.json")))
            self._good_until = time.monotonic() + MAX_AGE_SECONDS
            browser.close()
        header = decode(token, self._keys, algorithms=["RS256"]).header
        self._soak.kids.add(header["kid"])
        self._soak.done["verifications"] += 1


def shorten_lives(provider: Provider) -> None:
    """Let keys be announced for seconds, and everything they sign live for seconds."""
    keys = f'[keys]\njwks_max_age = "{MAX_AGE_SECONDS} s"\nmanual_announce_lifetime = "8 s"'
    text = provider.settings_file.read_text("utf-8").replace("[keys]", keys)
    text = f'clock_tolerance = "2 s"\n{text}{_LIFETIMES}'
    provider.settings_file.write_text(text, "utf-8")


def main() -> None:
    """Soak, and print what was done and what failed."""
    parser = argparse.ArgumentParser(prog="python -m bench.key_soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=3)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "provider"
        provider = prepare_provider(folder, f"sqlite:///{folder}/idp.sqlite3")
        shorten_lives(provider)
        soak = Soak(provider)
        with provider.serve():
            run(soak, minutes * 60)
    counts = {**soak.done, "keys seen in ID tokens": len(soak.kids), "failures": len(soak.failures)}
    sys.stdout.writelines(f"{number:8} {what}\n" for what, number in counts.items())
    if soak.failures:
        sys.exit("\n".join(soak.failures[:20]))


def run(soak: Soak, seconds: float) -> None:
    """Load the provider and rotate its keys for so long."""
    threads = [threading.Thread(target=soak.drive, args=(n,)) for n in range(BROWSERS)]
    threads.append(threading.Thread(target=soak.watch_keys))
    for thread in threads:
        thread.start()
    soak.rotate_until(time.monotonic() + seconds)
    soak.is_over.set()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
