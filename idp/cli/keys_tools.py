"""What the `idp keys` commands share: refusals in words, the keeper and its trail."""

from collections.abc import Mapping
from typing import Any

import click

from idp.app.keys import build_key_store, build_rotation_policy
from idp.audit_events import Event
from idp.cli.arguments import show_time
from idp.cli.toolbox import Toolbox
from idp.signing.errors import (
    KeyChangeRefusedError,
    KeyFault,
    KeysRefusedError,
    NoActiveKeyError,
    TooEarlyError,
)
from idp.signing.key_changes import KeyKeeper
from idp.signing.key_ring import KeyRing
from idp.signing.live_keys import load_ring


class KeyGroup(click.Group):
    """Tells a refusal in words, with exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KeysRefusedError as error:
            raise click.ClickException(_list_faults(error.faults)) from error
        except TooEarlyError as error:
            safe = f"Safe from {show_time(error.safe_at)}" if error.safe_at else "No end is planned"
            raise click.ClickException(f"too early: {error}. {safe}.") from error
        except (KeyChangeRefusedError, NoActiveKeyError, OSError) as error:
            raise click.ClickException(str(error)) from error


class KeyTrail:
    """The audit trail (implements `ports.AuditTrail`): a transaction of its own for each change.

    An emergency must not wait for the database: a change that could not be recorded is told.
    """

    def __init__(self, toolbox: Toolbox) -> None:
        self._toolbox = toolbox

    def record(self, name: Event, *, reason: str | None, details: Mapping[str, Any]) -> None:
        """Keep that the change was made, by whom."""
        try:
            with self._toolbox.unit_of_work() as unit:
                unit.audit.record(
                    name, client_id=details.get("client_id"), reason=reason, details=details
                )
        except Exception as error:  # noqa: BLE001 - whatever the database raises, the key changed
            click.echo(f"Warning: {name} is done but not in the audit trail: {error}", err=True)


def open_keeper(toolbox: Toolbox) -> KeyKeeper:
    """Return what changes keys, by the settings, in the operator's name."""
    return KeyKeeper(
        build_key_store(toolbox.settings),
        policy=build_rotation_policy(toolbox.settings),
        clock=toolbox.clock,
        audit=KeyTrail(toolbox),
    )


def load_keys(toolbox: Toolbox, *, required: tuple[str, ...] = ()) -> KeyRing:
    """Return the keys, checked. Raises KeysRefusedError."""
    store = build_key_store(toolbox.settings)
    return load_ring(store, toolbox.clock.now(), required=required)


def _list_faults(faults: tuple[KeyFault, ...]) -> str:
    return "\n".join(["the keys have faults:", *(f"  - {fault}" for fault in faults)])
