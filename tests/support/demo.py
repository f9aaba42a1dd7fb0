"""`idp demo` as tests run it: the program's own processes, in a folder and on ports of the test."""

import hashlib
import re
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from stdnum import luhn

from idp.clock import SystemClock
from idp.demo.mail_store import MailStore
from idp.demo.plan import DemoPlan
from tests.support.forms import FormReader
from tests.support.network import free_port, wait_until
from tests.support.processes import PROGRAMS, Process

READY = "Pour tout arrêter : Ctrl-C"
PASSWORD = "Le chat dort 8 fois"


@dataclass(frozen=True)
class Registrant:
    """A practitioner on file who may register: what one types, and what the site then shows."""

    finess: str
    name: str
    iban: str = "FR7699999000010000050001190"

    @property
    def iban_suffix(self) -> str:
        """The five characters that the registration page asks for."""
        return self.iban[-5:]

    @property
    def email(self) -> str:
        """An address of their own."""
        return f"cabinet{self.finess}@exemple.fr"

    @property
    def other_email(self) -> str:
        """Another address of theirs."""
        return f"accueil{self.finess}@exemple.fr"

    @property
    def account_fields(self) -> dict[str, str]:
        """What one types in step 2 of Inscription."""
        emails = dict.fromkeys(("email", "email_confirmation"), self.email)
        return {**emails, **dict.fromkeys(("password", "password_confirmation"), PASSWORD)}


def make_registrants(count: int) -> list[Registrant]:
    """Return so many made-up practitioners, whose numbers have right check digits."""
    stems = [f"9901{number:04}" for number in range(count)]
    return [Registrant(stem + luhn.calc_check_digit(stem), f"Cabinet {stem}") for stem in stems]


class RunningDemo:
    """A demo that runs, `idp` over its settings, and practitioners who never came before."""

    def __init__(self, plan: DemoPlan) -> None:
        self.plan = plan
        registrants = make_registrants(50)
        self._strangers = iter(registrants)
        self._import_practitioners(registrants)

    def run(self, *words: str) -> str:
        """Run an `idp` command as the demo's admin does; return what it printed."""
        command = [str(PROGRAMS / "idp"), "--config", str(self.plan.settings_file), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def next_registrant(self) -> Registrant:
        """Return somebody who is on file and has no account."""
        return next(self._strangers)

    def open_account(self, registrant: Registrant) -> None:
        """Go through Inscription and the mail's link, without a browser that shows it."""
        fields = {"finess": registrant.finess, "iban_suffix": registrant.iban_suffix}
        with httpx.Client(base_url=self.plan.issuer, follow_redirects=True, timeout=30) as client:
            proof = client.get("/inscription")
            account = _submit(client, proof, "proof-submit", **fields)
            _submit(client, account, "register-submit", **registrant.account_fields)
            link = wait_until(lambda: self._find_link(registrant.email), timeout=30, every=0.2)
            done = _submit(client, client.get(link), "activate-submit")
        assert "Votre compte est activé" in done.text

    def import_account(self, registrant: Registrant, password: str) -> None:
        """Take over their account of the old site, which kept a digest and no e-mail address."""
        digest = hashlib.sha256(password.encode()).hexdigest()
        file = self.plan.folder / f"account-{registrant.finess}.csv"
        file.write_text(f"finess;password_hash\n{registrant.finess};{digest}\n")
        self.run("accounts", "import", str(file))

    def _find_link(self, recipient: str) -> str:
        """Return the link in the newest mail to this address, "" where none came yet."""
        mails = MailStore(self.plan.mails_folder, SystemClock()).find_all()
        texts = [mail.text for mail in mails if mail.header("To") == recipient]
        found = re.search(r"http\S+\?token=\S+", texts[0]) if texts else None
        return found[0] if found else ""

    def _import_practitioners(self, registrants: Iterable[Registrant]) -> None:
        rows = [f"{each.finess};{each.name};{each.iban}" for each in registrants]
        file = self.plan.folder / "more-practitioners.csv"
        file.write_text("\n".join(["finess;name;iban", *rows]))
        self.run("practitioners", "import", str(file))


def _submit(
    client: httpx.Client, page: httpx.Response, button_id: str, **typed: str
) -> httpx.Response:
    forms = FormReader(page.text).forms
    (form,) = [form for form in forms if any(button.id == button_id for button in form.buttons)]
    return client.post(form.action or str(page.url), data={**form.fields, **typed})


def make_plan(folder: Path) -> DemoPlan:
    """Return a plan of a demo in a new folder inside this one, on free ports."""
    return DemoPlan(
        folder=folder / "demo",
        provider_port=free_port(),
        site_port=free_port(),
        mailbox_port=free_port(),
        smtp_port=free_port(),
    )


def make_command(plan: DemoPlan, *options: str) -> list[str | Path]:
    """Return the command line that runs this demo."""
    ports = ["--port", str(plan.provider_port), "--site-port", str(plan.site_port)]
    ports += ["--mailbox-port", str(plan.mailbox_port), "--smtp-port", str(plan.smtp_port)]
    return [PROGRAMS / "idp", "demo", "--folder", plan.folder, *ports, *options]


@contextmanager
def running_demo(folder: Path) -> Iterator[RunningDemo]:
    """Run a demo inside the `with`."""
    plan = make_plan(folder)
    with Process(make_command(plan), log=folder / "demo.log") as process:
        process.wait_for_output(READY, timeout=90)
        yield RunningDemo(plan)
