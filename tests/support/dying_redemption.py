"""A process that redeems an authorization code and is killed on the way.

python -m tests.support.dying_redemption KEYS_FOLDER DATABASE_URL CODE STEP
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from idp.app.services import build
from idp.app.wsgi import assemble
from idp.store.grants import SqlGrants
from idp.store.unit_of_work import SqlUnitOfWork
from tests.support.provider_app import Browser, build_settings
from tests.support.signing import MovedClock

STEPS = ("signed", "redeemed", "committed")


def main(keys_folder: str, database_url: str, code: str, step: str) -> None:
    """Redeem the code, and die at this step."""
    built = build(build_settings(Path(keys_folder), database_url), MovedClock())
    app = assemble(built)
    if step == "signed":
        SqlGrants.redeem_code = die  # type: ignore[method-assign]
    elif step == "redeemed":
        SqlGrants.redeem_code = die_after(SqlGrants.redeem_code)  # type: ignore[method-assign]
    else:
        SqlUnitOfWork.commit = die_after(SqlUnitOfWork.commit)  # type: ignore[method-assign]
    Browser(app, app.response_class).redeem(code)


def die(*_args: object, **_options: object) -> Any:  # noqa: ANN401 - it never returns
    """End this process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(act: Callable[..., Any]) -> Callable[..., Any]:
    """Return what acts, then ends this process."""

    def act_and_die(*args: Any, **options: Any) -> None:  # noqa: ANN401 - whatever it takes
        act(*args, **options)
        die()

    return act_and_die


if __name__ == "__main__":
    main(*sys.argv[1:])
