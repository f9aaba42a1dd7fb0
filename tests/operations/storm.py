"""Practitioners who sign in and register all the time, while parts of the service come and go.

What they are told is counted. An answer that never came leaves them in doubt: the request may have
been carried out before its node died or its connection broke. Trying again then meets what the
first try left (a code that was used, a link that has served), and that alone is allowed.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from threading import Event, Lock

import httpx

from tests.operations.installation import name_address, name_practitioner
from tests.operations.people import Browser, InDoubtError, Practitioner, come_back
from tests.support.network import wait_until
from tests.support.provider import PASSWORD, SUFFIX
from tests.support.smtp_server import ReceivedMail, SmtpServer

PEOPLE = 6
"""How many live at the same time; each has an account, and helps newcomers to theirs."""
NEWCOMERS = range(100, 400)
SESSION_COOKIE = "__Host-session="
_LINK = re.compile(r"https://\S+?(/activation\?token=\S+)")


class Storm:
    """People at browsers that come through one door; `told` counts what went well for them."""

    def __init__(self, door: httpx.Client, mails: SmtpServer) -> None:
        self._door = door
        self._mails = mails
        self._lock = Lock()
        self._newcomers = iter(NEWCOMERS)
        self._over = Event()
        self._lives: list[Future[None]] = []
        self.told: Counter[str] = Counter()
        self.grants: list[str] = []
        self.doubts: list[str] = []

    @contextmanager
    def blow(self) -> Iterator[None]:
        """Let people live meanwhile; raises what one of them met that was not right."""
        with ThreadPoolExecutor(PEOPLE) as threads:
            self._lives = [threads.submit(self._live, number) for number in range(PEOPLE)]
            try:
                yield
            finally:
                self._over.set()
        for life in self._lives:
            life.result()

    def wait_for(self, what: str, more: int = 1) -> None:
        """Return once this happened so many times more; at once where somebody's life ended."""
        goal = self.told[what] + more
        wait_until(
            lambda: self.told[what] >= goal or any(life.done() for life in self._lives),
            60,
            what=f"not {more} times more: {what}",
        )

    def tell(self, what: str) -> None:
        """Count something."""
        with self._lock:
            self.told[what] += 1

    def _live(self, number: int) -> None:
        for turn in count():
            if self._over.is_set():
                return
            is_new = (turn + number) % 3 == 0
            finess = name_practitioner(next(self._newcomers) if is_new else number)
            if is_new:
                self._persist(self._register, finess)
            self._persist(self._use, finess)

    def _persist(self, act: Callable[[str, Browser], None], finess: str) -> None:
        """Start again in a new browser as long as one is left in doubt."""
        while True:
            try:
                act(finess, Browser([self._door], self._wait))
            except InDoubtError as doubt:
                self.doubts.append(str(doubt))
            else:
                return

    def _wait(self, answer: httpx.Response) -> None:
        path = answer.request.url.path
        self.tell(f"away: {answer.request.method} {path}")
        self.tell("away")
        if any(each.startswith(SESSION_COOKIE) for each in answer.headers.get_list("Set-Cookie")):
            self.tell("signed in, then away")
        come_back(answer)

    def _use(self, finess: str, browser: Browser) -> None:
        """Sign in, come back without a page, refresh, and read the claims."""
        person = Practitioner(finess, browser)
        person.sign_in()
        self.tell("signed in")
        sub = person.read_claims()
        self._note_grant(person)
        person.sign_in_again()
        self._note_grant(person)
        person.refresh()
        self.tell("refreshed")
        assert person.read_claims() == sub

    def _note_grant(self, person: Practitioner) -> None:
        with self._lock:
            self.grants.append(person.tokens["refresh_token"].partition(".")[0])

    def _register(self, finess: str, browser: Browser) -> None:
        """Register, wait for the mail, and activate: unless that was done before a doubt."""
        email = name_address(finess)
        _, page = browser.open("/inscription")
        _, page = browser.submit(page, "proof-submit", finess=finess, iban_suffix=SUFFIX)
        browser.expect("register-submit", page)
        typed = {"email": email, "email_confirmation": email}
        typed |= {"password": PASSWORD, "password_confirmation": PASSWORD}
        seen = len(self._find_links(email))
        _, page = browser.submit(page, "register-submit", **typed)
        browser.expect("Consultez votre boîte mail", page)
        self.tell("registered")
        wait_until(lambda: len(self._find_links(email)) > seen, 60, what=f"no mail for {finess}")
        _, page = browser.open(self._find_links(email)[-1])
        _, page = browser.submit(page, "activate-submit")
        if browser.is_in_doubt and page.status_code == 410:
            self.tell("activated in doubt")
        else:
            browser.expect("Votre compte est activé", page)
            self.tell("activated")

    def _find_links(self, email: str) -> list[str]:
        """Return the links that were mailed to this address."""
        mails = [mail for mail in list(self._mails.mails) if email in mail.recipients]
        return [link for mail in mails for link in _LINK.findall(read_text(mail))]


def read_text(mail: ReceivedMail) -> str:
    """Return the text part of a mail."""
    part = mail.message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
