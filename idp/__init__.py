"""An OpenID Connect provider that owns the accounts of healthcare practitioners.

Six rooms, and what each is about:

    web/        who knocks       Flask only: parse, ask, render. No rules, no SQL
    accounts/   what is decided about practitioners. Plain Python and Argon2
    protocol/   what is decided for relying parties. The only importer of Authlib
    signing/    what is decided about keys
    store/      what is stored   the only importer of SQLAlchemy
    outbound/   what leaves      besides the answer: mails, logout notices

`app/` builds and wires them; `cli/` is the `idp` program; `settings/`, `clock.py` and
`secret_values.py` are the only readers of the environment, of the time of day and of chance;
`audit_events.py` names what all of them record, `durations.py` reads and writes durations.
`demo/` stands in for mnspf.fr and for a mailbox. `tests/test_architecture.py` keeps the walls up.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from idp.clock import Clock
    from idp.settings import Settings


def create_app(settings: "Settings | None" = None, *, clock: "Clock | None" = None) -> "Flask":
    """Return the provider as a WSGI application.

    Args:
        settings: all of them; read from the files and the environment where None.
        clock: what tells the time; the machine's where None.

    Raises:
        SettingsError: the settings have faults.
        KeysRefusedError: the signing keys cannot be used.
        UnsafeFileError: the SQLite file is open to others on this machine.

    """
    from idp.app.wsgi import build_app  # noqa: PLC0415 - the command line imports idp without a server

    return build_app(settings, clock=clock)
