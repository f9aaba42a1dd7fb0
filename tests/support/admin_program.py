"""`idp` as an administrator runs it, in this process, over a database of its own."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner, Result

from idp.accounts.account import Account, AccountState
from idp.accounts.iban import make_suffix_digest
from idp.accounts.practitioner import Practitioner
from idp.cli import main
from idp.cli.toolbox import Toolbox
from idp.secret_values import random_id
from idp.store.audit import AuditEvent, AuditQuery

FINESS = "750000010"
NAME = "Pharmacie des Lilas"
SUFFIX = "01899"
EMAIL = "lilas@exemple.fr"


def write_settings(
    config: Path,
    database_url: str,
    *,
    issuer: str = "https://connexion.example",
    top: str = "",
    more: str = "",
) -> None:
    """Write settings that the program starts with; `top` are lines, `more` tables of TOML."""
    config.write_text(
        f"""
        issuer = {json.dumps(issuer)}
        {top}
        [database]
        url = {json.dumps(database_url)}
        [secrets]
        master = ["{"m" * 32}"]
        iban = ["{"i" * 32}"]
        [keys]
        folder = {json.dumps(str(config.parent / "keys"))}
        passphrase = "{"p" * 32}"
        {more}
        """
    )


class AdminProgram:
    """The program with settings of its own; what it left is read through `toolbox`."""

    def __init__(self, config: Path, *, clock_at: datetime | None = None) -> None:
        self.config = config
        self.toolbox = Toolbox(config)
        self.now = clock_at or datetime.now(UTC)

    def run(self, *words: str | Path, answer: str = "") -> Result:
        """Run a command; `answer` is what is typed."""
        command = ["--config", str(self.config), *map(str, words)]
        return CliRunner().invoke(main, command, input=answer, catch_exceptions=False)

    def do(self, *words: str | Path, answer: str = "") -> str:
        """Run a command that succeeds, and return what it printed."""
        result = self.run(*words, answer=answer)
        assert result.exit_code == 0, result.output
        return result.output

    def refuse(self, *words: str | Path, code: int = 1, answer: str = "") -> str:
        """Run a command that ends with this exit code, and return what it printed."""
        result = self.run(*words, answer=answer)
        assert result.exit_code == code, result.output
        return result.output

    def trail(self, name: str | None = None) -> Sequence[AuditEvent]:
        """Return the audit trail, oldest first: all of it, or the events of one name."""
        with self.toolbox.unit_of_work() as unit:
            return list(reversed(unit.audit.find(AuditQuery(name=name), limit=10_000)))

    def add_practitioner(self, finess: str = FINESS, **fields: object) -> Practitioner:
        """Put somebody into the directory, with an IBAN that ends with SUFFIX."""
        digest = make_suffix_digest(self.toolbox.iban_keys, finess, SUFFIX)
        practitioner = Practitioner(
            finess=finess,
            name=NAME,
            iban_digest=digest.digest,
            iban_key_version=digest.key_version,
        )
        practitioner = replace(practitioner, **fields)  # type: ignore[arg-type]
        with self.toolbox.unit_of_work() as unit:
            unit.practitioners.save(practitioner)
        return practitioner

    def find_practitioner(self, finess: str = FINESS) -> Practitioner | None:
        """Return what the directory holds of somebody."""
        with self.toolbox.unit_of_work() as unit:
            return unit.practitioners.find(finess)

    def add_account(self, finess: str = FINESS, **fields: object) -> Account:
        """Open an active account."""
        account = Account(
            sub=random_id(),
            finess=finess,
            state=AccountState.ACTIVE,
            email=EMAIL,
            created_at=self.now,
        )
        account = replace(account, **fields)  # type: ignore[arg-type]
        with self.toolbox.unit_of_work() as unit:
            assert unit.accounts.add(account)
        return account

    def find_account(self, finess: str = FINESS) -> Account | None:
        """Return the account of a number that is not closed."""
        with self.toolbox.unit_of_work() as unit:
            return unit.accounts.find_by_finess(finess)
